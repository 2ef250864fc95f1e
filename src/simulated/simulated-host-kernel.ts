// What a simulated kernel has beside interfaces and addresses: a packet guard, routes, rules, virtual
// interfaces and settings. All of it outlives the processes.

import { ok } from "../base/result.ts";
import type { RouteFact, RuleFact } from "../plan/routing-facts.ts";
import type { VirtualLink } from "../plan/virtual-links.ts";
import type { HostKernel } from "../world/host-kernel.ts";
import { SimulatedGuard } from "./simulated-guard.ts";

export class SimulatedHostKernel {
  readonly guard: SimulatedGuard;
  readonly routes: Map<string, RouteFact> = new Map();
  readonly rules: Map<string, RuleFact> = new Map();
  readonly virtualLinks: Map<string, VirtualLink> = new Map();
  readonly settings: Map<string, string> = new Map();
  #watchers: (() => void)[] = [];

  constructor(nowMs: () => number) {
    this.guard = new SimulatedGuard(nowMs);
  }

  /** Removes a route or rule as an operator would. */
  removeByHand(of: "routes" | "rules", matching: (fact: RouteFact | RuleFact) => boolean): void {
    for (const [key, fact] of this[of]) if (matching(fact)) this[of].delete(key);
    for (const watcher of this.#watchers) watcher();
  }

  /** What a process sees; `forget` ends its subscriptions. */
  world(): HostKernel {
    return {
      guard: this.guard,
      routing: {
        routes: (protocol) =>
          ok([...this.routes.values()].filter((route) => route.protocol === protocol)),
        rules: () => ok([...this.rules.values()]),
        apply: (operation) => {
          if (operation.kind === "add-route")
            this.routes.set(text(operation.route), operation.route);
          else if (operation.kind === "remove-route") this.routes.delete(text(operation.route));
          else if (operation.kind === "add-rule")
            this.rules.set(text(operation.rule), operation.rule);
          else this.rules.delete(text(operation.rule));
          return ok(undefined);
        },
        watch: (onChange) => {
          this.#watchers.push(onChange);
        },
        close: () => this.forget(),
      },
      virtualLinks: {
        add: (link) => {
          this.virtualLinks.set(link.name, link);
          return ok(undefined);
        },
        remove: (name) => {
          this.virtualLinks.delete(name);
          return ok(undefined);
        },
      },
      settings: {
        read: (path) => this.settings.get(path),
        write: (path, value) => {
          this.settings.set(path, value);
          return ok(undefined);
        },
      },
    };
  }

  /** The processes have died. */
  forget(): void {
    this.#watchers = [];
  }
}

function text(fact: RouteFact | RuleFact): string {
  return JSON.stringify(fact, (_key, value: unknown) =>
    typeof value === "bigint" ? String(value) : value,
  );
}
