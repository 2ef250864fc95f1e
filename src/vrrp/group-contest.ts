// Two routers whose sync groups disagree about who is better, member by member, pull each other down: each
// wins on one segment, loses on another, and yields with the whole group. Both would try again at the same
// moment, for ever. So whoever has just lost a group waits a little longer, each router its own time, and
// ever more spread out, until one of them is alone long enough to be heard on every segment.

/** More losses do not spread the waiting any further. */
const LOSSES_MAX = 6;
/** A group that was MASTER for so many intervals has won: the next loss is another contest. */
const WON_INTERVALS = 20;

/** What a group remembers of a contest. */
export interface Contest {
  /** How often it has lost since it last won. */
  readonly losses: number;
  readonly masterAtMs: number | undefined;
  readonly lostAtMs: number | undefined;
}

/** A retry follows a loss after one patience; later, somebody has been listened to in between. */
const RETRY_PATIENCES = 1.25;

export const NO_CONTEST: Contest = { losses: 0, masterAtMs: undefined, lostAtMs: undefined };

/** A member has become MASTER; the others follow. */
export function noteMaster(contest: Contest, nowMs: number): Contest {
  return contest.masterAtMs === undefined ? { ...contest, masterAtMs: nowMs } : contest;
}

/** A member has yielded; the others follow, which is one loss. */
export function noteLoss(contest: Contest, intervalMs: number, nowMs: number): Contest {
  const { masterAtMs, losses } = contest;
  if (masterAtMs === undefined) return contest;
  const won = nowMs - masterAtMs > WON_INTERVALS * intervalMs;
  const more = won ? 1 : Math.min(LOSSES_MAX, losses + 1);
  return { losses: more, masterAtMs: undefined, lostAtMs: nowMs };
}

/** True when a group that would be MASTER at this time tries again right after a loss. */
export function isContested({ lostAtMs }: Contest, patienceMs: number, atMs: number): boolean {
  return lostAtMs !== undefined && atMs - lostAtMs < RETRY_PATIENCES * patienceMs;
}

/**
 * How much longer a contested group waits than its members' timers say. `salt` is what tells this router
 * from the others, for instance the address that it sends from.
 */
export function contestDelayMs({ losses }: Contest, salt: string, intervalMs: number): number {
  if (losses === 0) return 0;
  const slots = 2 ** losses;
  return ((hash(`${salt} ${losses}`) % slots) * intervalMs) / 2;
}

/** FNV-1a: spreads addresses that differ in one digit. */
function hash(text: string): number {
  let value = 0x811c9dc5;
  for (let i = 0; i < text.length; i++)
    value = Math.imul(value ^ text.charCodeAt(i), 0x01000193) >>> 0;
  return (value ^ (value >>> 15)) >>> 0;
}
