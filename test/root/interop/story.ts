// What happens to two routers, as data: the same story is played by real programs in namespaces and
// by the engine in the simulator.

/** The first router has the higher priority and the lower address. */
export type RouterName = "a" | "b";

export type ProgramName = "keelson" | "keepalived" | "frr";

export type Step =
  | { readonly kind: "start"; readonly routers: readonly RouterName[] }
  /** SIGTERM. */
  | { readonly kind: "stop"; readonly router: RouterName }
  /** SIGKILL to all its processes. */
  | { readonly kind: "kill"; readonly router: RouterName }
  /** SIGSTOP to all its processes. */
  | { readonly kind: "freeze"; readonly router: RouterName }
  | { readonly kind: "thaw"; readonly router: RouterName }
  /** The switch carries nothing of the first router, whose carrier stays. */
  | { readonly kind: "part" }
  | { readonly kind: "heal" }
  /** Cables out of the interface of the adverts, and in again, all at once. */
  | { readonly kind: "unplug"; readonly routers: readonly RouterName[] }
  | { readonly kind: "plug"; readonly routers: readonly RouterName[] }
  /** A changed priority in the file, and a reload. */
  | { readonly kind: "reprioritize"; readonly router: RouterName; readonly priority: number };

/** One step in words. */
export function describeStep(step: Step): string {
  switch (step.kind) {
    case "start":
    case "unplug":
    case "plug":
      return `${step.kind} ${step.routers.join(" and ")}`;
    case "stop":
    case "kill":
    case "freeze":
    case "thaw":
      return `${step.kind} ${step.router}`;
    case "part":
    case "heal":
      return step.kind;
    case "reprioritize":
      return `reload ${step.router} with priority ${step.priority}`;
  }
}

/** An instance of a router enters a state. */
export interface Move {
  readonly router: RouterName;
  readonly instance: string;
  readonly state: "BACKUP" | "MASTER" | "FAULT";
  /** From the beginning of the step, milliseconds. */
  readonly offsetMs: number;
}

/** An advert on the wire. */
export interface Heard {
  readonly router: RouterName;
  readonly vrid: number;
  readonly priority: number;
  /** From the beginning of the step, milliseconds; negative in the steps before. */
  readonly offsetMs: number;
}

/** What one step brought. */
export interface Outcome {
  readonly step: Step;
  readonly moves: readonly Move[];
  /** Of this step and all before it. */
  readonly adverts: readonly Heard[];
}

/** Far apart, so that the skews are: who comes back together with the other one is first or last. */
export const PRIORITIES: Readonly<Record<RouterName, number>> = { a: 250, b: 50 };

/** Everything that happens to a pair: who takes over when, and who takes back. */
export const everyday: readonly Step[] = [
  { kind: "start", routers: ["a"] },
  { kind: "start", routers: ["b"] },
  { kind: "stop", router: "a" },
  { kind: "start", routers: ["a"] },
  { kind: "kill", router: "a" },
  { kind: "start", routers: ["a"] },
  { kind: "part" },
  { kind: "heal" },
  { kind: "reprioritize", router: "a", priority: 20 },
  { kind: "reprioritize", router: "a", priority: PRIORITIES.a },
  { kind: "freeze", router: "a" },
  { kind: "thaw", router: "a" },
  { kind: "unplug", routers: ["a"] },
  { kind: "plug", routers: ["a"] },
  { kind: "stop", router: "b" },
  { kind: "start", routers: ["b"] },
  { kind: "unplug", routers: ["a", "b"] },
  { kind: "plug", routers: ["a", "b"] },
];

/** The same without a MASTER that is stopped and goes on. */
export const withoutFreeze: readonly Step[] = everyday.filter(
  ({ kind }) => kind !== "freeze" && kind !== "thaw",
);

/** The same with the priorities that the routers have. */
export const withoutPriorities: readonly Step[] = everyday.filter(
  ({ kind }) => kind !== "reprioritize",
);

/** A story without the steps that take a cable out of some routers. */
export function withoutUnplugging(
  story: readonly Step[],
  routers: readonly RouterName[],
): readonly Step[] {
  return story.filter(
    (step) =>
      (step.kind !== "unplug" && step.kind !== "plug") ||
      !step.routers.some((router) => routers.includes(router)),
  );
}

/** Equal priorities meet: the higher address stays MASTER. */
export const tie: readonly Step[] = [
  { kind: "start", routers: ["a"] },
  { kind: "start", routers: ["b"] },
  { kind: "part" },
  { kind: "heal" },
  { kind: "stop", router: "b" },
  { kind: "start", routers: ["b"] },
];
