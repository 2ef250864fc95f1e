// Calls and replies of D-Bus as values, whatever carries them.

/** A method call. */
export interface BusCall {
  readonly path: string;
  /** Absent: any interface of the object that has the method. */
  readonly interface?: string;
  readonly member: string;
  /** Types of the body; empty for none. */
  readonly signature: string;
  readonly body: readonly unknown[];
}

/** What a call asks for beyond an answer. */
export type BusDeed =
  | { readonly kind: "print-data" | "print-stats" | "print-stats-clear" | "reload" }
  | { readonly kind: "send-garp"; readonly instance: string };

/** What becomes of a call. */
export type BusReply =
  | { readonly kind: "return"; readonly signature: string; readonly body: readonly unknown[] }
  | { readonly kind: "error"; readonly name: string; readonly text: string }
  | { readonly kind: "deed"; readonly deed: BusDeed };

/** A call that has no answer but an error. */
export function busError(
  name: string,
  text: string,
): Extract<BusReply, { readonly kind: "error" }> {
  return { kind: "error", name: `org.freedesktop.DBus.Error.${name}`, text };
}
