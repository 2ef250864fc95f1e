// What is known of BFD sessions in the main process: told by the VRRP process, for checks and the log.

import type { BfdSession } from "../../model/bfd-session.ts";
import type { Log } from "../../world/log.ts";

/** The last known result of a session. */
export interface BfdResult {
  /** Null: nothing is known yet. */
  readonly up: boolean | null;
  readonly text: string;
}

export class BfdResults {
  readonly #log: Log;
  readonly #onChange: (name: string) => void;
  readonly #results = new Map<string, BfdResult>();

  /** `onChange` is called with the name of a session whose result is another one. */
  constructor(log: Log, onChange: (name: string) => void) {
    this.#log = log;
    this.#onChange = onChange;
  }

  /** The result of a session; undefined where there is no such session. */
  get(name: string): BfdResult | undefined {
    return this.#results.get(name);
  }

  /** Takes over the configured sessions. */
  configure(sessions: readonly BfdSession[]): void {
    const names = new Set(sessions.map(({ name }) => name));
    for (const name of this.#results.keys()) if (!names.has(name)) this.#results.delete(name);
    for (const name of names)
      if (!this.#results.has(name)) this.#results.set(name, { up: null, text: "no result yet" });
  }

  /** Takes a result. No result yet does not revoke an earlier one: a process that starts anew knows less. */
  take(name: string, { up, text }: BfdResult): void {
    const known = this.#results.get(name);
    if (known === undefined || (up === null && known.up !== null)) return;
    this.#results.set(name, { up, text });
    if (known.up === up) return;
    this.#log.write({
      level: up ? "notice" : "warning",
      kind: up ? "bfd-up" : "bfd-down",
      text: `BFD session ${name}: ${up ? "" : "down: "}${text}`,
    });
    this.#onChange(name);
  }
}
