// The kinds of values that many keywords share, and short ways to write them down.

import type { ArgumentSpec, FormReader, Otherwise, ValueKind } from "./keyword-spec.ts";

/** Largest values of C's int and unsigned int: keepalived's counts end there. */
export const intMax = 2_147_483_647;
export const uintMax = 4_294_967_295;

/** The longest time in seconds whose milliseconds fit into 32 bits: 49 days. */
export const longestS = 4_294_967;

/** The longest time that keepalived stores as an unsigned int of microseconds. */
export const longestUsS = 4294.967295;

function otherwiseOf(text: string): Otherwise {
  return text === "stop" ? "stop" : { instead: text };
}

/** An integer; `otherwise` is `stop`, or says what counts when it cannot be used. */
export function integer(min: number, max: number, otherwise: string, unit?: string): ValueKind {
  return {
    kind: "integer",
    min,
    max,
    otherwise: otherwiseOf(otherwise),
    ...(unit === undefined ? {} : { unit }),
  };
}

/** An integer; one outside the range counts as the nearest inside. */
export function clamped(min: number, max: number, otherwise: string, unit?: string): ValueKind {
  return {
    kind: "integer",
    min,
    max,
    otherwise: otherwiseOf(otherwise),
    ...(unit === undefined ? {} : { unit }),
    clamps: true,
  };
}

/** Seconds, perhaps with a fraction. */
export function seconds(min: number, max: number, otherwise: string): ValueKind {
  return { kind: "seconds", min, max, otherwise: otherwiseOf(otherwise) };
}

/** Seconds without a fraction. */
export function wholeSeconds(min: number, max: number, otherwise: string): ValueKind {
  return { kind: "seconds", whole: true, min, max, otherwise: otherwiseOf(otherwise) };
}

/** One word of a list. */
export function choice(choices: readonly string[], effect: string): ValueKind {
  return { kind: "choice", choices, effect };
}

/** One word of a list in any letter case. */
export function choiceAnyCase(choices: readonly string[], effect: string): ValueKind {
  return { kind: "choice", choices, effect, ignoreCase: true };
}

/** A form of its own. */
export function form(name: string, read: FormReader): ValueKind {
  return { kind: "form", form: name, read };
}

/** A name that a block keyword defines. */
export function reference(to: string): ValueKind {
  return { kind: "reference", to };
}

export const address: ValueKind = { kind: "address" };
export const address4: ValueKind = { kind: "address", family: 4 };
export const address6: ValueKind = { kind: "address", family: 6 };
export const prefix: ValueKind = { kind: "prefix" };
export const interfaceName: ValueKind = { kind: "interface" };
export const command: ValueKind = { kind: "command" };
export const path: ValueKind = { kind: "path" };
export const text: ValueKind = { kind: "text" };
export const boolean: ValueKind = { kind: "boolean" };

/** A port of which 0 means none. */
export const anyPort: ValueKind = { kind: "port", min: 0 };
/** A port to connect to or from. */
export const port: ValueKind = { kind: "port", min: 1 };

/** A priority's change by a script, an interface or a BFD session; 0 stands for FAULT. */
export const weight253: ValueKind = integer(-253, 253, "stop");
/** A factor for the number in a file, or a priority's change by a process: 254 so that a value of -1 can mean FAULT. */
export const weight254: ValueKind = integer(-254, 254, "the line is ignored");

/** A time between checks. */
export const checkSeconds: ValueKind = seconds(0.000_001, longestS, "the default counts");
/** A pause that may be none. */
export const pauseSeconds: ValueKind = seconds(0, longestS, "the default counts");
/** Time for a connection or an answer. */
export const connectSeconds: ValueKind = seconds(0.000_001, longestUsS, "the default counts");

/** One argument that must stand. */
export function argument(name: string, value: ValueKind): ArgumentSpec {
  return { name, value };
}

/** One argument that may stand. */
export function optional(name: string, value: ValueKind): ArgumentSpec {
  return { name, value, optional: true };
}

/** One or more of the same. */
export function many(name: string, value: ValueKind): ArgumentSpec {
  return { name, value, repeats: true };
}

/** Any number of the same. */
export function anyNumber(name: string, value: ValueKind): ArgumentSpec {
  return { name, value, optional: true, repeats: true };
}

/** `on` or `off`; on when it is missing. */
export const onOff: ArgumentSpec = optional("BOOL", boolean);

/** A program with the account to run it as. */
export const commandWithUser: readonly ArgumentSpec[] = [
  argument("COMMAND", command),
  optional("USER", text),
  optional("GROUP", text),
];
