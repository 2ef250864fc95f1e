// Tells programs, FIFOs and mail recipients what happens: in order, and nothing twice. Events become jobs in
// `src/notify`; what is taken is in the journal before its sender hears that it was taken.

import type { HealthChange } from "../health/engine/health-supervisor.ts";
import type { Model } from "../model/model.ts";
import type { NotificationStatus } from "../model/status.ts";
import { type Audience, audienceOf } from "../notify/audience.ts";
import { desiredJobs, stateLines } from "../notify/desired-jobs.ts";
import { type NotifyEvent, type Subject, subjectKey } from "../notify/event.ts";
import type { Job, MailJob, ProgramJob } from "../notify/job.ts";
import { type Told, toldOf } from "../notify/told.ts";
import { AlarmGate } from "./alarm-gate.ts";
import { changedPriority, eventOfHealth, eventOfNews } from "./notification-events.ts";
import { NotificationFifos } from "./notification-fifos.ts";
import { type JournalEntry, NotificationJournal } from "./notification-journal.ts";
import { awaitProgram, programTitle, runOnce, runProgram } from "./notification-programs.ts";
import { type JobOutcome, NotificationQueue, type QueueEntry } from "./notification-queue.ts";
import { NotificationResults } from "./notification-results.ts";
import type { NotificationWorld } from "./notification-world.ts";
import { programsOf } from "./programs-of.ts";
import { describeRepeats, RepeatLimiter } from "./repeat-limiter.ts";
import type { EngineNews } from "./vrrp-channel.ts";
import type { NewsMark } from "./vrrp-link.ts";

const notifyTimeoutDefaultMs = 60_000;
/** How long mails may hold up a stop: what is left is sent after the next start. */
const lastMailsMs = 5000;
/** How often the same trouble is said. */
const complaintGapMs = 60_000;

export class Notifications {
  readonly #world: NotificationWorld;
  readonly #journal: NotificationJournal;
  readonly #queue: NotificationQueue;
  readonly #fifos: NotificationFifos;
  readonly #programs = new NotificationResults();
  readonly #mails = new NotificationResults();
  readonly #complaints = new RepeatLimiter(complaintGapMs);
  readonly #alarms = new AlarmGate();
  readonly #begunAtMs = new Map<number, number>();
  readonly #mailTexts = new Map<number, string>();
  #model: Model | undefined;
  #audience: Audience | undefined;
  /** The audience before a reload, for what the reload removes. */
  #before: { readonly audience: Audience; readonly model: Model } | undefined;
  #told: Told;
  #heard: NewsMark | undefined;
  #priorities: Readonly<Record<string, number>>;
  #refused: NotificationStatus["refused"] = [];
  #lastId = 0;
  #dropped = 0;

  /** Reads what an earlier process has left; nothing is begun yet. */
  constructor(world: NotificationWorld) {
    this.#world = world;
    this.#journal = NotificationJournal.open(world.journalPath, (text) =>
      this.#complain("error", "notify-journal", text),
    );
    const { told, heard, priorities, entries } = this.#journal.state;
    this.#told = told;
    this.#heard = heard;
    this.#priorities = priorities;
    this.#lastId = entries.reduce((last, { id }) => Math.max(last, id), 0);
    this.#fifos = new NotificationFifos(world, (marks) => this.#journal.setFifos(marks));
    this.#queue = new NotificationQueue({
      clock: world.clock,
      openAlarm: (onAlarm) => world.openAlarm(onAlarm),
      begin: (entry, onEnd) => this.#begin(entry, onEnd),
      onFinished: (entry, how) => this.#finished(entry, how),
    });
  }

  /** True: this process goes on in the place of one that was killed. */
  get continues(): boolean {
    return this.#journal.isInherited;
  }

  /**
   * Begins: runs the startup program, unless this process goes on in the place of one that was killed, and
   * takes up what that one has left.
   */
  async start(model: Model): Promise<void> {
    const { fifos, entries } = this.#journal.state;
    const { startup, scripts } = model.global.options ?? {};
    if (startup !== undefined && !this.#journal.isInherited)
      await this.#runOnce("startup_script", startup, model);
    this.#take(model);
    this.#fifos.configure(this.#audience?.fifos, scripts, fifos);
    this.#forgetOthers();
    this.#queue.submit(entries);
  }

  /** Takes over a configuration before the VRRP process is told of it. */
  configure(model: Model): void {
    if (this.#audience !== undefined && this.#model !== undefined)
      this.#before = { audience: this.#audience, model: this.#model };
    this.#take(model);
    this.#fifos.configure(this.#audience?.fifos, model.global.options?.scripts);
  }

  /** Tells what a reload means by itself: instances that are gone, and all states where that is wished. */
  reloaded(): void {
    const before = this.#before;
    this.#before = undefined;
    const after = this.#audience;
    if (after === undefined) return;
    for (const { name } of before?.model.vrrpInstances ?? [])
      if (before !== undefined && !after.subjects.has(subjectKey({ type: "INSTANCE", name })))
        this.#removed(before.audience, name, before.model);
    this.#forgetOthers();
    if (after.fifos?.statesOnReload !== true) return;
    this.#submit(
      stateLines(after, this.#told, (name) => this.#priorityOf(name)),
      this.#told,
    );
  }

  /** Takes news of the VRRP process for good. False: they were taken before. */
  hear(news: EngineNews, mark: NewsMark): boolean {
    const heard = this.#heard;
    if (heard?.epoch === mark.epoch && mark.sequence <= heard.sequence) return false;
    this.#heard = mark;
    const priority = changedPriority(news, this.#priorities);
    if (priority !== undefined) this.#priorities = { ...this.#priorities, ...priority };
    const event = eventOfNews(news, (name) => this.#priorityOf(name));
    const audience = this.#audience;
    const step =
      event === undefined || audience === undefined || !this.#alarms.admits(event)
        ? { told: this.#told, jobs: [] }
        : desiredJobs(audience, this.#told, event);
    this.#submit(step.jobs, step.told, {
      mark,
      ...(event?.kind === "state" ? { subject: subjectKey(event.subject) } : {}),
      ...(priority === undefined ? {} : { priority }),
    });
    return true;
  }

  /** Tells what the checks have found. */
  healthChanged(change: HealthChange): void {
    const servers = this.#audience?.virtualServers;
    const event = servers && eventOfHealth(change, servers, this.#world.clock.wallMs());
    if (event !== undefined) this.#tell(event);
  }

  /** Tells that everything stops, and gives programs, FIFOs and mails their time for it. */
  async stop(): Promise<void> {
    const subjects = this.#subjects();
    for (const subject of subjects) {
      const priority = subject.type === "GROUP" ? 0 : this.#priorityOf(subject.name);
      const cause = { kind: "stopped", text: "stopped by request" };
      const atMs = this.#world.clock.wallMs();
      this.#tell({ kind: "state", subject, state: "STOP", priority, cause, atMs });
    }
    this.#queue.hurry();
    await Promise.all([
      this.#queue.drain(this.#timeoutMs, (job) => job.kind !== "mail"),
      this.#queue.drain(lastMailsMs, (job) => job.kind === "mail"),
    ]);
    this.#queue.close();
    await this.#fifos.stop();
    const { left } = this.#queue;
    for (const { job } of left)
      if (job.kind !== "mail") this.#giveUp(job, "this process has ended before its turn came");
    const mails = left.filter(({ job }) => job.kind === "mail").length;
    if (mails > 0)
      this.#complain("warning", "notify-mail", `${mails} mails wait for the next start`);
    this.#journal.settle(({ job }) => job.kind === "mail");
  }

  /** Runs what is to run after everything has ended. */
  async shutDown(): Promise<void> {
    const model = this.#model;
    const shutdown = model?.global.options?.shutdown;
    if (model !== undefined && shutdown !== undefined)
      await this.#runOnce("shutdown_script", shutdown, model);
  }

  /** Ends here; the next process goes on. Programs that run go on by themselves. */
  release(): void {
    this.#queue.close();
    this.#fifos.release();
  }

  get status(): NotificationStatus {
    return {
      pending: this.#queue.length,
      dropped: this.#dropped,
      programs: this.#programs.all,
      mails: this.#mails.all,
      refused: this.#refused,
    };
  }

  get #timeoutMs(): number {
    return this.#model?.global.options?.notifyTimeoutMs ?? notifyTimeoutDefaultMs;
  }

  #take(model: Model): void {
    this.#model = model;
    this.#audience = audienceOf(model, this.#world.hostName);
    const settings = model.global.options?.scripts;
    this.#refused = programsOf(model).flatMap(({ title, program }) => {
      const reason = this.#world.refusal(program, settings);
      return reason === undefined ? [] : [{ program: title, reason }];
    });
    for (const { program, reason } of this.#refused)
      this.#write("error", "notify-refused", `${program} will not run: ${reason}`);
  }

  #subjects(): readonly Subject[] {
    const instances = this.#model?.vrrpInstances ?? [];
    const groups = this.#model?.syncGroups ?? [];
    return [
      ...instances.map(({ name }): Subject => ({ type: "INSTANCE", name })),
      ...groups.map(({ name }): Subject => ({ type: "GROUP", name })),
    ];
  }

  /** keepalived says it of instances, and nothing of groups that go. */
  #removed(audience: Audience, name: string, model: Model): void {
    const event: NotifyEvent = {
      kind: "state",
      subject: { type: "INSTANCE", name },
      state: "DELETED",
      priority: this.#priorityOf(name, model),
      cause: { kind: "removed", text: "removed from the configuration" },
      atMs: this.#world.clock.wallMs(),
    };
    const { told, jobs } = desiredJobs(audience, this.#told, event);
    this.#submit(jobs, told);
  }

  /** A name that leaves the configuration and comes back belongs to another instance or group. */
  #forgetOthers(): void {
    const keys = new Set(this.#audience?.subjects.keys() ?? []);
    this.#submit([], toldOf(this.#told, keys));
  }

  #tell(event: NotifyEvent): void {
    if (this.#audience === undefined) return;
    const { told, jobs } = desiredJobs(this.#audience, this.#told, event);
    this.#submit(jobs, told);
  }

  #submit(
    jobs: readonly Job[],
    told: Told,
    news?: {
      readonly mark: NewsMark;
      readonly subject?: string;
      readonly priority?: Readonly<Record<string, number>>;
    },
  ): void {
    const changed = told !== this.#told || news?.priority !== undefined;
    this.#told = told;
    if (jobs.length === 0 && !changed) return;
    const atMs = this.#world.clock.wallMs();
    const entries = jobs.map((job): JournalEntry => ({ id: ++this.#lastId, job, atMs }));
    this.#journal.event({
      told,
      entries,
      ...(news === undefined ? {} : { heard: news.mark }),
      ...(news?.subject === undefined ? {} : { subject: news.subject }),
      ...(news?.priority === undefined ? {} : { priorities: news.priority }),
    });
    this.#queue.submit(entries);
  }

  #priorityOf(instance: string, model = this.#model): number {
    const known = this.#priorities[instance];
    if (known !== undefined) return known;
    return model?.vrrpInstances.find(({ name }) => name === instance)?.priority ?? 0;
  }

  #begin(entry: QueueEntry, onEnd: (outcome: JobOutcome) => void): void {
    const { job } = entry;
    switch (job.kind) {
      case "program":
        this.#beginProgram(entry, job, onEnd);
        return;
      case "line":
        onEnd(this.#fifos.write(job.fifo, job.text) === "full" ? "again" : "done");
        return;
      case "mail":
        void this.#sendMail(entry, job).then(onEnd);
        return;
    }
  }

  #beginProgram(entry: QueueEntry, job: ProgramJob, onEnd: (outcome: JobOutcome) => void): void {
    const begunAtMs = this.#world.clock.nowMs();
    const title = programTitle(job.keyword, job.program);
    const end = ({ success, text }: { success: boolean; text: string }): void => {
      const durationMs = Math.round(this.#world.clock.nowMs() - begunAtMs);
      const atMs = this.#world.clock.wallMs();
      this.#programs.add({ atMs, about: job.about, what: title, ok: success, text, durationMs });
      this.#write(
        success ? "debug" : "error",
        success ? "notify-program" : "notify-failed",
        `${job.about}: ${title}: ${text}`,
      );
      onEnd("done");
    };
    if (entry.running !== undefined) {
      awaitProgram(this.#world, entry.running, this.#timeoutMs, end);
      return;
    }
    const rules = { timeoutMs: this.#timeoutMs, settings: this.#model?.global.options?.scripts };
    const running = (mark: { pid: number; startTicks: number }): void =>
      this.#journal.running(entry.id, mark);
    runProgram(this.#world, job, rules, { running, end });
  }

  async #sendMail(entry: QueueEntry, job: MailJob): Promise<JobOutcome> {
    const settings = this.#audience?.mail;
    // Whoever takes the relay out of the configuration wants no mail.
    if (settings === undefined) return "done";
    const { clock } = this.#world;
    const begunAtMs = this.#begunAtMs.get(entry.id) ?? clock.nowMs();
    this.#begunAtMs.set(entry.id, begunAtMs);
    const { ok, text, again } = await this.#world.mailer.send(job, settings);
    if (!ok && again) {
      this.#mailTexts.set(entry.id, text);
      const words = `mails cannot be sent for now and are tried again: ${text}`;
      this.#complain("warning", "notify-mail", words);
      return "again";
    }
    const durationMs = Math.round(clock.nowMs() - begunAtMs);
    const { about, subject: what } = job;
    this.#mails.add({ atMs: clock.wallMs(), about, what, ok, text, durationMs });
    this.#write(ok ? "debug" : "error", "notify-mail", `mail "${what}": ${text}`);
    return "done";
  }

  #finished(entry: QueueEntry, how: "done" | "expired" | "dropped"): void {
    this.#journal.ended(entry.id);
    const text = this.#mailTexts.get(entry.id);
    this.#mailTexts.delete(entry.id);
    this.#begunAtMs.delete(entry.id);
    if (how === "dropped") this.#giveUp(entry.job, "too many wait before it");
    if (how === "expired") this.#giveUp(entry.job, text ?? "it could not be done in time");
  }

  #giveUp(job: Job, reason: string): void {
    this.#dropped++;
    const atMs = this.#world.clock.wallMs();
    const lost = { atMs, ok: false, text: `given up: ${reason}`, durationMs: 0 };
    switch (job.kind) {
      case "line":
        this.#complain("error", "notify-lost", `lines for a FIFO are lost: ${reason}`);
        return;
      case "mail":
        this.#mails.add({ ...lost, about: job.about, what: job.subject });
        this.#write("error", "notify-lost", `mail "${job.subject}" is given up: ${reason}`);
        return;
      case "program": {
        const what = programTitle(job.keyword, job.program);
        this.#programs.add({ ...lost, about: job.about, what });
        this.#write("error", "notify-lost", `${job.about}: ${what} does not run: ${reason}`);
        return;
      }
    }
  }

  async #runOnce(
    keyword: string,
    program: Parameters<typeof runOnce>[1],
    model: Model,
  ): Promise<void> {
    const begunAtMs = this.#world.clock.nowMs();
    const outcome = await runOnce(this.#world, program, model.global.options?.scripts);
    const { success: ok, text } = outcome;
    const what = programTitle(keyword, program);
    const durationMs = Math.round(this.#world.clock.nowMs() - begunAtMs);
    this.#programs.add({
      atMs: this.#world.clock.wallMs(),
      about: keyword,
      what,
      ok,
      text,
      durationMs,
    });
    this.#write(ok ? "info" : "error", ok ? "notify-program" : "notify-failed", `${what}: ${text}`);
  }

  /** Says it now, or together with its repetitions. */
  #complain(level: "warning" | "error", kind: string, text: string): void {
    const times = this.#complaints.admit(`${kind} ${text}`, this.#world.clock.wallMs());
    if (times !== undefined) this.#write(level, kind, `${text}${describeRepeats(times)}`);
  }

  #write(level: "debug" | "info" | "warning" | "error", kind: string, text: string): void {
    this.#world.log.write({ level, kind, text });
  }
}
