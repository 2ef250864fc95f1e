// What has been told, so that nothing is told twice: neither after a restart of the main process nor
// because an instance was in the wanted state already.

import type { NotifyEvent, ToldState } from "./event.ts";
import { subjectKey } from "./event.ts";

/** By `subjectKey`; can be written as JSON. */
export interface Told {
  readonly states: Readonly<Record<string, ToldState>>;
  /** The last state that a mail was made for. */
  readonly mailed: Readonly<Record<string, ToldState>>;
}

/** Nothing has been told. */
export const nothingTold: Told = { states: {}, mailed: {} };

/** True when the event says what was said last. */
export function isTold(told: Told, event: NotifyEvent): boolean {
  return event.kind === "state" && told.states[subjectKey(event.subject)] === event.state;
}

/** What has been told once the event is; `mailed`: a mail was made of it, for this state. */
export function withEvent(told: Told, event: NotifyEvent, mailed: ToldState | undefined): Told {
  if (event.kind !== "state") return told;
  const key = subjectKey(event.subject);
  // A name that comes back belongs to another instance.
  if (event.state === "DELETED")
    return { states: without(told.states, key), mailed: without(told.mailed, key) };
  return {
    states: { ...told.states, [key]: event.state },
    mailed: mailed === undefined ? told.mailed : { ...told.mailed, [key]: mailed },
  };
}

/** What has been told of subjects that are still there: a name that comes back belongs to another one. */
export function toldOf(told: Told, keys: ReadonlySet<string>): Told {
  if (Object.keys({ ...told.states, ...told.mailed }).every((key) => keys.has(key))) return told;
  return { states: only(told.states, keys), mailed: only(told.mailed, keys) };
}

function only(
  record: Readonly<Record<string, ToldState>>,
  keys: ReadonlySet<string>,
): Readonly<Record<string, ToldState>> {
  return Object.fromEntries(Object.entries(record).filter(([key]) => keys.has(key)));
}

function without(
  record: Readonly<Record<string, ToldState>>,
  key: string,
): Readonly<Record<string, ToldState>> {
  const { [key]: _gone, ...rest } = record;
  return rest;
}
