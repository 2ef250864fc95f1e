// Two routers whose sync groups disagree about who is better, member by member, pull each other down: each
// wins on one segment, loses on another, and yields with the whole group. Then both are silent, and both
// would try again at the same moment, for ever. So whoever hears nobody after a loss waits a little longer,
// each router its own time, and ever more spread out, until one of them is heard on every segment.

/** More losses draw again, and do not spread the waiting any further: 0 to 3.5 intervals. */
const SPREADING_LOSSES_MAX = 3;

/** What a group remembers of a contest. */
export interface Contest {
  /** How often it has lost, and then heard nobody. */
  readonly losses: number;
  /** It has become MASTER since the last loss. */
  readonly master: boolean;
  readonly lostAtMs: number;
}

export const NO_CONTEST: Contest = {
  losses: 0,
  master: false,
  lostAtMs: Number.NEGATIVE_INFINITY,
};

/** A member has become MASTER; the others follow. */
export function noteMaster(contest: Contest): Contest {
  return contest.master ? contest : { ...contest, master: true };
}

/** A member has yielded; the others follow, which is one loss. */
export function noteLoss(contest: Contest, nowMs: number): Contest {
  if (!contest.master) return contest;
  return { losses: contest.losses + 1, master: false, lostAtMs: nowMs };
}

/**
 * The contest when every member would be MASTER again. Who has won goes on advertising: a group whose
 * members have heard anything half an interval after the loss or later has lost to a MASTER, not to a rival.
 */
export function atAsking(contest: Contest, heardAtMs: number, intervalMs: number): Contest {
  return heardAtMs > contest.lostAtMs + intervalMs / 2 ? NO_CONTEST : contest;
}

/**
 * How much longer a contested group waits than its members' timers say. `salt` is what tells this router
 * from the others, for instance the address that it sends from.
 */
export function contestDelayMs({ losses }: Contest, salt: string, intervalMs: number): number {
  // The first may be the winner's own end right after it.
  if (losses < 2) return 0;
  const slots = 2 ** Math.min(losses, SPREADING_LOSSES_MAX);
  return ((hash(`${salt} ${losses}`) % slots) * intervalMs) / 2;
}

/** FNV-1a: spreads addresses that differ in one digit. */
function hash(text: string): number {
  let value = 0x811c9dc5;
  for (let i = 0; i < text.length; i++)
    value = Math.imul(value ^ text.charCodeAt(i), 0x01000193) >>> 0;
  return (value ^ (value >>> 15)) >>> 0;
}
