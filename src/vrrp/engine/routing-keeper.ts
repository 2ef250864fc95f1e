// Keeps routes and rules where the states of the instances want them, and those that stay where the
// configuration says. The kernel's tables are read when something may have changed, not by the clock:
// they can be large.

import type { StaticObjects } from "../../model/routing.ts";
import {
  type RoutingClaim,
  RoutingLowering,
  routingOperation,
} from "../../plan/instance-objects.ts";
import { routeProtocolKeepalived } from "../../plan/lower-routing.ts";
import { routeKey, ruleKey, sameRoute } from "../../plan/match-routing.ts";
import type { RouteFact } from "../../plan/routing-facts.ts";
import type { RoutingNames } from "../../plan/routing-names.ts";
import { mergeWishes } from "../address-plan.ts";
import { type AddressWish, addressWish } from "../state.ts";
import { type EngineWorld, LogLimiter } from "./output.ts";
import type { RunningInstance } from "./running-instance.ts";

const complaintGapMs = 30_000;
/** How often the tables are read when nothing is told about them. */
const readGapMs = 30_000;
/** How soon what was refused is tried again. */
const retryGapMs = 1000;

interface Held {
  readonly claim: RoutingClaim;
  readonly instances: RunningInstance[];
  readonly stays: boolean;
}

export class RoutingKeeper {
  readonly #world: EngineWorld;
  readonly #complaints = new LogLimiter(complaintGapMs);
  #held = new Map<string, Held>();
  #ofInstance = new Map<RunningInstance, readonly RoutingClaim[]>();
  /** What was claimed earlier and is still to be removed. */
  readonly #orphans = new Map<string, RoutingClaim>();
  /** What we know to have been so: true present, false absent. */
  readonly #settled = new Map<string, boolean>();
  /** Groups whose static objects could not be put back. */
  readonly #brokenGroups = new Set<string>();
  #names: RoutingNames = {};
  #statics: StaticObjects | undefined;
  #watching = false;
  #stale = true;
  #readAtMs = 0;

  readonly #onChange: () => void;

  /** `onChange` is called when something should be compared soon. */
  constructor(world: EngineWorld, onChange: () => void) {
    this.#world = world;
    this.#onChange = onChange;
  }

  /** Takes what is said beside the instances; before `adopt`. */
  configure(statics: StaticObjects | undefined, names: RoutingNames | undefined): void {
    this.#statics = statics;
    this.#names = names ?? {};
  }

  /** Takes the instances of a new configuration, retiring ones included. */
  adopt(instances: readonly RunningInstance[]): void {
    const before = this.#held;
    this.#held = new Map();
    this.#ofInstance = new Map();
    const lowering = new RoutingLowering(this.#names);
    const statics = lowering.ofStatics(this.#statics);
    for (const claim of statics.claims)
      this.#held.set(claim.key, { claim, instances: [], stays: true });
    const refusals = [...statics.refusals];
    for (const instance of instances) {
      const { claims, refusals: own } = lowering.ofInstance(instance.config);
      refusals.push(...own);
      this.#ofInstance.set(instance, claims);
      for (const claim of claims) {
        const held = this.#held.get(claim.key) ?? { claim, instances: [], stays: false };
        held.instances.push(instance);
        this.#held.set(claim.key, held);
      }
    }
    for (const [key, { claim }] of before) if (!this.#held.has(key)) this.#orphans.set(key, claim);
    for (const key of this.#held.keys()) this.#orphans.delete(key);
    for (const text of refusals) this.#tell("warning", "routing-not-carried-out", text);
    this.#watch();
    this.#stale = true;
  }

  /** Brings what belongs to an instance where its state wants it; trusts what is known. */
  settle(instance: RunningInstance): void {
    const claims = this.#ofInstance.get(instance) ?? [];
    const isHeld = addressWish(instance.state) === "held";
    // Routes before the rules that lead to them; in reverse when they go.
    for (const claim of isHeld ? claims : claims.toReversed()) {
      const wish = this.#wish(claim.key);
      if (wish === "undecided" || this.#settled.get(claim.key) === (wish === "held")) continue;
      this.#apply(claim, wish === "held");
    }
  }

  /** Something else has changed that routes may have gone with. */
  suspect(): void {
    if (this.#held.size > 0) this.#stale = true;
  }

  /** Compares with what the kernel has, where there is reason to, and mends it. */
  reconcile(): void {
    if (this.#held.size === 0 && this.#orphans.size === 0) return;
    const nowMs = this.#world.clock.nowMs();
    if (!this.#stale && nowMs - this.#readAtMs < readGapMs) return;
    for (const claim of this.#orphans.values()) this.#remove(claim);
    const present = this.#read();
    if (present === undefined) return;
    this.#stale = false;
    this.#readAtMs = nowMs;
    for (const { claim } of this.#held.values()) this.#mend(claim, present);
  }

  /** True when a static object of the group is missing and cannot be put back. */
  isBroken(trackGroup: string): boolean {
    return this.#brokenGroups.has(trackGroup);
  }

  /** Takes away what stays while this process runs. */
  clear(): void {
    for (const { claim, stays } of [...this.#held.values()].toReversed())
      if (stays) this.#remove(claim);
    this.#held = new Map();
  }

  /** Ends the subscription. */
  close(): void {
    this.#world.host.routing.close();
  }

  #wish(key: string): AddressWish {
    const held = this.#held.get(key);
    if (held === undefined) return "undecided";
    if (held.stays) return "held";
    return mergeWishes(held.instances.map(({ state }) => addressWish(state)));
  }

  #mend(claim: RoutingClaim, present: Present): void {
    const { key } = claim;
    const wish = this.#wish(key);
    const isThere = present.has(claim);
    if (wish === "undecided") return;
    const isHeld = wish === "held";
    if (isThere === isHeld) {
      this.#settled.set(key, isHeld);
      return;
    }
    const isForeign = this.#settled.get(key) === isHeld;
    if (isForeign && isHeld && !claim.tracked) return;
    const isDone = this.#apply(claim, isHeld);
    if (!isForeign || !isDone) return;
    const found = isHeld ? "missing" : "there, but this router does not hold it";
    this.#world.tell({
      kind: "repair",
      found: `${claim.kind} ${claim.text} was ${found}`,
      done: isHeld ? "added it" : "removed it",
      ok: true,
      atMs: this.#world.clock.wallMs(),
    });
  }

  #apply(claim: RoutingClaim, add: boolean): boolean {
    const applied = this.#world.host.routing.apply(routingOperation(claim, add));
    if (applied.ok) this.#settled.set(claim.key, add);
    else {
      this.#settled.delete(claim.key);
      // Tried again with the next look.
      this.#stale = true;
      this.#readAtMs = this.#world.clock.nowMs() - readGapMs + retryGapMs;
      const verb = add ? "add" : "remove";
      const text = `could not ${verb} ${claim.kind} ${claim.text}: ${applied.fault.text}`;
      this.#tell("error", "routing-operation-failed", text);
    }
    if (claim.trackGroup !== undefined && add)
      this.#brokenGroups[applied.ok ? "delete" : "add"](claim.trackGroup);
    return applied.ok;
  }

  #remove(claim: RoutingClaim): void {
    if (!this.#apply(claim, false)) return;
    this.#orphans.delete(claim.key);
    this.#settled.delete(claim.key);
  }

  #watch(): void {
    if (this.#watching || this.#held.size === 0) return;
    this.#watching = true;
    this.#world.host.routing.watch(() => {
      this.#stale = true;
      this.#onChange();
    });
  }

  #read(): Present | undefined {
    const protocols = new Set([routeProtocolKeepalived]);
    let rulesWanted = false;
    for (const { claim } of this.#held.values())
      if (claim.kind === "route") protocols.add(claim.route.protocol);
      else rulesWanted = true;
    const routes = new Map<string, RouteFact[]>();
    for (const protocol of protocols) {
      const read = this.#world.host.routing.routes(protocol);
      if (!read.ok) return undefined;
      for (const route of read.value) {
        const key = routeKey(route);
        const alike = routes.get(key);
        if (alike === undefined) routes.set(key, [route]);
        else alike.push(route);
      }
    }
    const rules = rulesWanted ? this.#world.host.routing.rules() : undefined;
    if (rules?.ok === false) return undefined;
    const ruleKeys = new Set((rules?.value ?? []).map(ruleKey));
    return {
      has: (claim) =>
        claim.kind === "rule"
          ? ruleKeys.has(ruleKey(claim.rule))
          : (routes.get(routeKey(claim.route)) ?? []).some((fact) => sameRoute(claim.route, fact)),
    };
  }

  #tell(level: "warning" | "error", kind: string, text: string): void {
    if (!this.#complaints.allows(text, this.#world.clock.nowMs())) return;
    this.#world.tell({ kind: "log", event: { level, kind, text } });
  }
}

/** What the kernel was found to have. */
interface Present {
  has(claim: RoutingClaim): boolean;
}
