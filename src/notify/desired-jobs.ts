// An event as jobs. The order within an event is keepalived's: the program for the state, the program for every
// change, the FIFOs, the mail. Each instance and each group is a lane, so that its programs run in order; each FIFO
// is one, so that all lines stand in the order of the events; and so are the mails.

import type { Program } from "../model/program.ts";
import { virtualServerName } from "../model/virtual-server.ts";
import type { Audience, SubjectAudience } from "./audience.ts";
import { type NotifyEvent, type Subject, subjectKey, type ToldState } from "./event.ts";
import { printRealServerLine, printVirtualServerLine, printVrrpLine } from "./fifo-line.ts";
import type { FifoName, Job, LineJob, MailJob, ProgramJob } from "./job.ts";
import { type MailText, renderAlarmMail, renderServerMail, renderStateMail } from "./mail-text.ts";
import { isTold, type Told, withEvent } from "./told.ts";

/** What comes of an event. */
export interface NotifyStep {
  readonly told: Told;
  readonly jobs: readonly Job[];
}

type StateEvent = Extract<NotifyEvent, { readonly kind: "state" }>;
type ServerEvent = Extract<NotifyEvent, { readonly kind: "virtual-server" | "real-server" }>;

/** One event. Nothing comes of one that has been told. */
export function desiredJobs(audience: Audience, told: Told, event: NotifyEvent): NotifyStep {
  switch (event.kind) {
    case "state":
      return stateJobs(audience, told, event);
    case "lower-priority-heard":
      return { told, jobs: lowerPriorityJobs(audience, event) };
    case "priority-changed":
      return { told, jobs: priorityJobs(audience, told, event) };
    case "alarm":
      return { told, jobs: alarmJobs(audience, event) };
    case "virtual-server":
    case "real-server":
      return { told, jobs: serverJobs(audience, event) };
  }
}

/** The lines that tell the states once more, groups first [fifo_write_vrrp_states_on_reload]. */
export function stateLines(
  audience: Audience,
  told: Told,
  priorityOf: (instance: string) => number,
): readonly Job[] {
  const subjects = [...audience.subjects.keys()].map(parseKey);
  const ordered = [
    ...subjects.filter(({ type }) => type === "GROUP"),
    ...subjects.filter(({ type }) => type === "INSTANCE"),
  ];
  return ordered.flatMap((subject) => {
    const state = told.states[subjectKey(subject)];
    if (state === undefined) return [];
    const priority = subject.type === "GROUP" ? 0 : priorityOf(subject.name);
    return vrrpLines(audience, printVrrpLine(subject, state, priority));
  });
}

function stateJobs(audience: Audience, told: Told, event: StateEvent): NotifyStep {
  if (isTold(told, event)) return { told, jobs: [] };
  const { subject } = event;
  const known = audience.subjects.get(subjectKey(subject));
  if (known === undefined) return { told: withEvent(told, event, undefined), jobs: [] };
  const state = spokenState(known, event.state);
  // Without notify_deleted a deletion is told as FAULT, which was told already when it was one.
  if (state !== event.state && told.states[subjectKey(subject)] === state)
    return { told: withEvent(told, event, undefined), jobs: [] };
  const mail = stateMail({ audience, known, told, event, state });
  const line = printVrrpLine(subject, state, event.priority);
  return {
    told: withEvent(told, event, mail === undefined ? undefined : state),
    jobs: [
      ...statePrograms(known, event, state),
      ...vrrpLines(audience, line),
      ...(mail === undefined ? [] : [mail]),
    ],
  };
}

function spokenState(known: SubjectAudience, state: ToldState): ToldState {
  return state === "DELETED" && known.programs.deleted === undefined ? "FAULT" : state;
}

function statePrograms(
  known: SubjectAudience,
  event: StateEvent,
  state: ToldState,
): readonly ProgramJob[] {
  const { subject, from, priority, cause, atMs } = event;
  const { programs } = known;
  const common = {
    kind: "program",
    lane: subjectKey(subject),
    about: `${subjectKey(subject)} ${state}`,
    environment: {
      KEELSON_CAUSE: cause.kind,
      KEELSON_CAUSE_TEXT: cause.text,
      KEELSON_FROM: from ?? "",
      KEELSON_AT_MS: String(Math.floor(atMs)),
    },
  } as const;
  const jobs: ProgramJob[] = [];
  // A deletion that is told as FAULT does not run what runs at a FAULT.
  const own = programOfState(programs, event.state);
  if (own !== undefined) jobs.push({ ...common, ...own, arguments: [] });
  const { change } = programs;
  if (change !== undefined) {
    const args = [subject.type, subject.name, state, String(priority)];
    jobs.push({ ...common, keyword: "notify", program: change, arguments: args });
  }
  return jobs;
}

function programOfState(
  programs: SubjectAudience["programs"],
  state: ToldState,
): { readonly keyword: string; readonly program: Program } | undefined {
  const program = {
    MASTER: programs.master,
    BACKUP: programs.backup,
    FAULT: programs.fault,
    STOP: programs.stop,
    DELETED: programs.deleted?.program,
  }[state];
  return program && { keyword: `notify_${state.toLowerCase()}`, program };
}

function stateMail(facts: {
  readonly audience: Audience;
  readonly known: SubjectAudience;
  readonly told: Told;
  readonly event: StateEvent;
  readonly state: ToldState;
}): MailJob | undefined {
  const { audience, known, told, event, state } = facts;
  if (!known.mail || audience.mail === undefined) return undefined;
  if (state === "FAULT" && !audience.mail.faults) return undefined;
  // With a FAULT between them that nobody was mailed about, two equal mails would follow each other.
  if (told.mailed[subjectKey(event.subject)] === state) return undefined;
  const mail = renderStateMail(audience.routerName, event, state);
  return mailJob(mail, `${subjectKey(event.subject)} ${state}`, event.atMs);
}

function lowerPriorityJobs(
  audience: Audience,
  event: Extract<NotifyEvent, { readonly kind: "lower-priority-heard" }>,
): readonly Job[] {
  const subject: Subject = { type: "INSTANCE", name: event.instance };
  const lane = subjectKey(subject);
  const known = audience.subjects.get(lane);
  if (known === undefined) return [];
  const word = "MASTER_RX_LOWER_PRI";
  const lines = vrrpLines(audience, printVrrpLine(subject, word, event.priority));
  const program = known.programs.masterHeardLowerPriority;
  if (program === undefined) return lines;
  const job: ProgramJob = {
    kind: "program",
    lane,
    keyword: "notify_master_rx_lower_pri",
    about: `${lane} ${word}`,
    program,
    arguments: [],
    environment: { KEELSON_AT_MS: String(Math.floor(event.atMs)) },
  };
  return [job, ...lines];
}

function priorityJobs(
  audience: Audience,
  told: Told,
  event: Extract<NotifyEvent, { readonly kind: "priority-changed" }>,
): readonly Job[] {
  const subject: Subject = { type: "INSTANCE", name: event.instance };
  const key = subjectKey(subject);
  if (audience.subjects.get(key)?.priorityLines !== true) return [];
  const word = told.states[key] === "MASTER" ? "MASTER_PRIORITY" : "BACKUP_PRIORITY";
  return vrrpLines(audience, printVrrpLine(subject, word, event.priority));
}

/** keepalived knows no alarms: programs and readers of FIFOs would not understand them. */
function alarmJobs(
  audience: Audience,
  event: Extract<NotifyEvent, { readonly kind: "alarm" }>,
): readonly Job[] {
  const key = subjectKey({ type: "INSTANCE", name: event.instance });
  if (audience.subjects.get(key)?.mail !== true || audience.mail === undefined) return [];
  const mail = renderAlarmMail(audience.routerName, event);
  return [mailJob(mail, `${key} ${event.alarm}`, event.atMs)];
}

function serverJobs(audience: Audience, event: ServerEvent): readonly Job[] {
  const { key, up } = event;
  const name = virtualServerName(key);
  const server = audience.virtualServers.get(name);
  if (server === undefined) return [];
  const line =
    event.kind === "virtual-server"
      ? printVirtualServerLine(key, up)
      : printRealServerLine(event, key, up);
  const jobs: Job[] = lines(audience, ["all", "balancer"], line);
  const { mail } = audience;
  const general = mail?.alerts.checkers ?? mail?.alerts.all;
  const real =
    event.kind === "real-server"
      ? server.realServers.find((one) => one.address === event.address && one.port === event.port)
      : undefined;
  const wanted =
    event.kind === "virtual-server"
      ? (server.options?.mail ?? general ?? false)
      : (real?.options?.mail ?? general ?? true);
  if (wanted && mail !== undefined)
    jobs.push(
      mailJob(
        renderServerMail(audience.routerName, event),
        `${name} ${up ? "UP" : "DOWN"}`,
        event.atMs,
      ),
    );
  return jobs;
}

function mailJob(mail: MailText, about: string, atMs: number): MailJob {
  return { kind: "mail", lane: "mail", about, ...mail, atMs };
}

function vrrpLines(audience: Audience, text: string): LineJob[] {
  return lines(audience, ["all", "vrrp"], text);
}

function lines(audience: Audience, names: readonly FifoName[], text: string): LineJob[] {
  return names
    .filter((name) => audience.fifos?.[name] !== undefined)
    .map((fifo) => ({ kind: "line", lane: `fifo ${fifo}`, fifo, text }));
}

function parseKey(key: string): Subject {
  const [type = "", ...rest] = key.split(" ");
  return { type: type === "GROUP" ? "GROUP" : "INSTANCE", name: rest.join(" ") };
}
