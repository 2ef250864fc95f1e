// All directives of ldirectord.cf, and those that are none any longer.

import type { DirectiveName } from "./configuration.ts";
import type { DirectiveSpec, DirectiveTable, Scope } from "./directive-spec.ts";
import { generalDirectives } from "./general-directives.ts";
import { sectionDirectives } from "./section-directives.ts";

export const directives: DirectiveTable = { ...generalDirectives, ...sectionDirectives };

/** In the order of the reference. */
export const directiveNames: readonly DirectiveName[] = Object.keys(
  directives,
) as unknown as readonly DirectiveName[];

/** Directives that ldirectord refuses, and what took their place. */
export const droppedDirectives: ReadonlyMap<string, readonly DirectiveName[]> = new Map([
  ["timeout", ["checktimeout", "negotiatetimeout"] as const],
  ["connecttimeout", ["negotiatetimeout"] as const],
]);

/** The name as a directive. */
export function directiveOf(name: string): DirectiveName | undefined {
  return Object.hasOwn(directives, name) ? (name as DirectiveName) : undefined;
}

/** The entry of a directive, whatever its value. */
export function specOf(name: DirectiveName): DirectiveSpec<unknown> {
  return directives[name] as DirectiveSpec<unknown>;
}

/** The directives that may stand somewhere. */
export function directivesIn(scope: Scope): readonly DirectiveName[] {
  return directiveNames.filter((name) => directives[name].scopes.includes(scope));
}
