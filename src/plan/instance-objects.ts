// Routes and rules of instances and those that stay, as facts of the kernel with what is known of
// them beside.

import type { StaticObjects } from "../model/routing.ts";
import type { VrrpInstance } from "../model/vrrp-instance.ts";
import { lowerRoute, lowerRule } from "./lower-routing.ts";
import { describeRoute, describeRule, routeKey, ruleKey } from "./match-routing.ts";
import type { RouteFact, RoutingOperation, RuleFact } from "./routing-facts.ts";
import type { RoutingNames } from "./routing-names.ts";

/** A route or a rule that somebody wants. */
export type RoutingClaim = {
  readonly key: string;
  /** In the words of `ip`. */
  readonly text: string;
  /** False: it is not put back when somebody removes it. */
  readonly tracked: boolean;
  readonly trackGroup?: string;
} & (
  | { readonly kind: "route"; readonly route: RouteFact }
  | { readonly kind: "rule"; readonly rule: RuleFact }
);

/** What is wanted, and a sentence for each line that cannot be carried out. */
export interface RoutingClaims {
  readonly claims: readonly RoutingClaim[];
  readonly refusals: readonly string[];
}

/** Rules without a preference get one from here downwards, as with keepalived. */
const preferenceStart = 16_384;

/** Lowers all objects of a configuration in its order. */
export class RoutingLowering {
  readonly #names: RoutingNames;
  #preference: number = preferenceStart;

  constructor(names: RoutingNames) {
    this.#names = names;
  }

  /** The routes of an instance, then its rules. */
  ofInstance({ name, options }: VrrpInstance): RoutingClaims {
    const lowered = this.#lower(options ?? {});
    return { ...lowered, refusals: lowered.refusals.map((text) => `${name}: ${text}`) };
  }

  /** What this host has whatever the states. */
  ofStatics(statics: StaticObjects | undefined): RoutingClaims {
    return this.#lower(statics ?? {});
  }

  #lower(objects: Pick<Partial<StaticObjects>, "routes" | "rules">): RoutingClaims {
    const claims: RoutingClaim[] = [];
    const refusals: string[] = [];
    for (const wish of objects.routes ?? []) {
      const lowered = lowerRoute(wish, this.#names);
      if (!lowered.ok) {
        refusals.push(lowered.fault);
        continue;
      }
      const route = lowered.value;
      const key = `route ${routeKey(route)} ${describeRoute(route)}`;
      const { tracked } = wish;
      const group = wish.trackGroup === undefined ? {} : { trackGroup: wish.trackGroup };
      claims.push({ kind: "route", key, text: describeRoute(route), tracked, ...group, route });
    }
    for (const wish of objects.rules ?? []) {
      const preference = this.#preference;
      if (wish.preference === undefined) this.#preference--;
      const lowered = lowerRule(wish, this.#names, preference);
      if (!lowered.ok) {
        refusals.push(lowered.fault);
        continue;
      }
      const rule = lowered.value;
      const key = `rule ${ruleKey(rule)}`;
      const { tracked } = wish;
      const group = wish.trackGroup === undefined ? {} : { trackGroup: wish.trackGroup };
      claims.push({ kind: "rule", key, text: describeRule(rule), tracked, ...group, rule });
    }
    return { claims, refusals };
  }
}

/** The operation that makes a claim true, or undoes it. */
export function routingOperation(claim: RoutingClaim, add: boolean): RoutingOperation {
  if (claim.kind === "route")
    return { kind: add ? "add-route" : "remove-route", route: claim.route };
  return { kind: add ? "add-rule" : "remove-rule", rule: claim.rule };
}
