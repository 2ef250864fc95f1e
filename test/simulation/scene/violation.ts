// The invariants of the simulation by name. They are numbered as in our specification of VRRP.

export const INVARIANTS = {
  "S-1": "the addresses are held exactly where the instance is MASTER",
  "S-2": "who takes part waits with a timer, and announces only what it holds",
  "S-3": "nobody yields but to a greater (priority, address)",
  "S-4": "nobody who preempts stays BACKUP behind a lower MASTER",
  "S-5": "one MASTER for each connected part, within the bound that follows from the configuration",
  "S-6":
    "the highest priority that preempts holds; without preemption a living MASTER keeps what it has",
  "S-7": "nothing moves without a cause, also under a stream of invalid packets",
  "S-8": "the last announcement that a client hears comes from the holder",
  "S-9": "members of a sync group move together",
  "S-10": "adverts and announcements stay within their rates",
  "S-11":
    "a clean stop is taken over within the skew, without a moment of nobody; a crash within the Down interval",
  "S-12": "a rejected packet changes nothing but its counter",
  "S-13": "every packet is counted once: accepted, or rejected for one reason",
  "S-14": "the same configuration again changes nothing",
  "S-15": "no two nodes answer after a process has died or hangs",
  "S-16": "the same seed plays the same story",
  "no-throw": "nothing throws, whatever arrives",
} as const;

export type InvariantName = keyof typeof INVARIANTS;

/** An invariant that does not hold. */
export class Violation extends Error {
  readonly invariant: InvariantName;
  readonly atMs: number;

  constructor(invariant: InvariantName, atMs: number, text: string) {
    super(`${invariant} (${INVARIANTS[invariant]}) at ${atMs.toFixed(3)} ms: ${text}`);
    this.name = "Violation";
    this.invariant = invariant;
    this.atMs = atMs;
  }
}
