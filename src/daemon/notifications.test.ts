import assert from "node:assert/strict";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { fail, ok } from "../base/result.ts";
import { loadConfiguration } from "../conf/load-configuration.ts";
import type { Model } from "../model/model.ts";
import type { VrrpState } from "../model/status.ts";
import type { LogEvent } from "../world/log.ts";
import type { MailOutcome } from "../world/mailer.ts";
import type { ProcessOutcome, ProcessRequest } from "../world/process.ts";
import type { NotificationWorld } from "./notification-world.ts";
import { Notifications } from "./notifications.ts";
import type { EngineNews } from "./vrrp-channel.ts";

const directory = mkdtempSync(join(tmpdir(), "keelson-notifications-"));
after(() => rmSync(directory, { recursive: true, force: true }));
let journals = 0;

interface Run {
  readonly request: ProcessRequest;
  readonly end: (outcome: ProcessOutcome) => void;
}

const success: ProcessOutcome = { success: true, text: "exit status 0" };

/** A world in which programs end when the test says so, and mails are taken when it says so. */
class Stage {
  readonly runs: Run[] = [];
  readonly mails: string[] = [];
  readonly log: LogEvent[] = [];
  readonly lines: string[] = [];
  readonly removed: string[] = [];
  /** Why programs are refused, by their path. */
  readonly refused = new Map<string, string>();
  /** Processes that live, with their start. */
  readonly living = new Map<number, number>();
  full = false;
  mailOutcome: MailOutcome = { ok: true, text: "taken", again: false };
  readonly journalPath = join(directory, `journal-${journals++}`);
  #nowMs = 1000;
  readonly #alarms = new Map<() => void, number>();

  /** One process after the other shares the world. */
  world(): NotificationWorld {
    return {
      clock: { nowMs: () => this.#nowMs, wallMs: () => 1e12 + this.#nowMs },
      log: { write: (event) => this.log.push(event) },
      openAlarm: (onAlarm) => ({
        set: (atMs) => {
          if (atMs === undefined) this.#alarms.delete(onAlarm);
          else this.#alarms.set(onAlarm, atMs);
        },
        close: () => this.#alarms.delete(onAlarm),
      }),
      processes: {
        run: (request, end) => {
          const pid = 100 + this.runs.push({ request, end });
          this.living.set(pid, pid);
          return { pid, cancel: () => undefined };
        },
      },
      mailer: {
        send: async ({ subject }) => {
          if (this.mailOutcome.ok) this.mails.push(subject);
          return this.mailOutcome;
        },
      },
      journalPath: this.journalPath,
      hostName: "host",
      environment: { LANG: "C" },
      openFifo: ({ path }) =>
        path === "/bad"
          ? fail("cannot open /bad: EACCES")
          : ok({
              made: true,
              write: (line) => {
                if (this.full) return ok("full");
                this.lines.push(`${path} ${line.trimEnd()}`);
                return ok("written");
              },
              remove: () => this.removed.push(path),
              close: () => undefined,
            }),
      refusal: ({ command: [path = ""] }) => this.refused.get(path),
      startTicks: (pid) => this.living.get(pid),
      endGroup: (pid) => this.living.delete(pid),
    };
  }

  /** What runs at this moment and has not ended, in the order of the starts. */
  get commands(): readonly string[] {
    return this.runs.map(({ request }) => request.command.join(" "));
  }

  end(index: number, outcome = success): void {
    const run = this.runs[index];
    assert.ok(run !== undefined, `run ${index} has begun`);
    this.living.delete(101 + index);
    run.end(outcome);
  }

  pass(durationMs: number): void {
    this.#nowMs += durationMs;
    for (const [onAlarm, atMs] of [...this.#alarms])
      if (atMs <= this.#nowMs) {
        this.#alarms.delete(onAlarm);
        onAlarm();
      }
  }

  said(kind: string): readonly string[] {
    return this.log.filter((event) => event.kind === kind).map(({ text }) => text);
  }
}

function modelOf(instance: string, globals = "", names = ["VI_1"]): Model {
  const instances = names.map(
    (name, index) => `vrrp_instance ${name} {
interface eth0
virtual_router_id ${index + 10}
priority 100
virtual_ipaddress {
10.0.0.${index + 1}/24
}
${instance}
}`,
  );
  const text = `global_defs {\nrouter_id lb1\n${globals}\n}\n${instances.join("\n")}\n`;
  const { model } = loadConfiguration({ path: "test.conf", readFile: () => ok(text) });
  assert.ok(model !== undefined);
  return model;
}

let sequence = 0;
const mark = (): { epoch: string; sequence: number } => ({ epoch: "e", sequence: ++sequence });

function transition(to: VrrpState, instance = "VI_1"): EngineNews {
  const cause = { kind: "test", text: "by the test" };
  return { kind: "transition", instance, from: "BACKUP", to, cause, atMs: 1 };
}

async function started(stage: Stage, model: Model): Promise<Notifications> {
  const notifications = new Notifications(stage.world());
  await notifications.start(model);
  return notifications;
}

async function settle(): Promise<void> {
  for (let i = 0; i < 10; i++) await new Promise((resolve) => setImmediate(resolve));
}

const everything = "notify_master /m\nnotify_backup /b\nnotify /n\nnotify_stop /s";

test("programs of an instance run one at a time, in the order of the events", async () => {
  const stage = new Stage();
  const notifications = await started(stage, modelOf(everything));
  notifications.hear(transition("MASTER"), mark());
  notifications.hear(transition("BACKUP"), mark());
  assert.deepEqual(stage.commands, ["/m"]);
  for (let i = 0; i < 4; i++) stage.end(i);
  assert.deepEqual(stage.commands, [
    "/m",
    "/n INSTANCE VI_1 MASTER 100",
    "/b",
    "/n INSTANCE VI_1 BACKUP 100",
  ]);
});

test("a program that hangs holds up its own instance alone", async () => {
  const stage = new Stage();
  const notifications = await started(stage, modelOf("notify /n", "", ["VI_1", "VI_2"]));
  notifications.hear(transition("MASTER", "VI_1"), mark());
  notifications.hear(transition("MASTER", "VI_2"), mark());
  assert.deepEqual(stage.commands, ["/n INSTANCE VI_1 MASTER 100", "/n INSTANCE VI_2 MASTER 100"]);
});

test("the effective priority is in the arguments", async () => {
  const stage = new Stage();
  const notifications = await started(stage, modelOf("notify /n"));
  const changed: EngineNews = {
    kind: "priority-changed",
    instance: "VI_1",
    from: 100,
    to: 80,
    atMs: 1,
  };
  notifications.hear(changed, mark());
  notifications.hear(transition("MASTER"), mark());
  assert.deepEqual(stage.commands, ["/n INSTANCE VI_1 MASTER 80"]);
});

test("a priority that came back while the instance was in FAULT is told with the next state", async () => {
  const stage = new Stage();
  const notifications = await started(stage, modelOf("notify /n"));
  notifications.hear({ ...transition("MASTER"), priority: 80 } as EngineNews, mark());
  notifications.hear(transition("FAULT"), mark());
  notifications.hear({ ...transition("BACKUP"), priority: 100 } as EngineNews, mark());
  stage.end(0);
  stage.end(1);
  assert.deepEqual(stage.commands, [
    "/n INSTANCE VI_1 MASTER 80",
    "/n INSTANCE VI_1 FAULT 80",
    "/n INSTANCE VI_1 BACKUP 100",
  ]);
});

test("each program has its time, its account's settings and its environment", async () => {
  const stage = new Stage();
  const globals = "notify_timeout 7\nscript_user nobody\nenable_script_security";
  const notifications = await started(stage, modelOf('notify "/n x" daemon', globals));
  notifications.hear(transition("MASTER"), mark());
  const request = stage.runs[0]?.request;
  assert.equal(request?.timeoutMs, 7000);
  assert.equal(request?.user, "daemon");
  assert.equal(request?.settings?.security, true);
  assert.equal(request?.settings?.user, "nobody");
  assert.equal(request?.environment?.["LANG"], "C");
  assert.equal(request?.environment?.["KEELSON_CAUSE_TEXT"], "by the test");
});

test("results are remembered, and a failure is an error in the log", async () => {
  const stage = new Stage();
  const notifications = await started(stage, modelOf("notify_master /m\nnotify /n"));
  notifications.hear(transition("MASTER"), mark());
  stage.pass(250);
  stage.end(0, { success: false, text: "exit status 3" });
  assert.deepEqual(notifications.status.programs, [
    {
      atMs: 1e12 + 1250,
      about: "INSTANCE VI_1 MASTER",
      what: "notify_master /m",
      ok: false,
      text: "exit status 3",
      durationMs: 250,
    },
  ]);
  assert.deepEqual(stage.said("notify-failed"), [
    "INSTANCE VI_1 MASTER: notify_master /m: exit status 3",
  ]);
  assert.equal(notifications.status.pending, 1);
});

test("a program that may not run is told, with the reason, whenever a configuration is taken", async () => {
  const stage = new Stage();
  stage.refused.set("/m", "root does not run /m: / can be written by everybody");
  const model = modelOf("notify_master /m\nnotify /n");
  const notifications = await started(stage, model);
  notifications.configure(model);
  const text =
    "notify_master /m of VI_1 will not run: root does not run /m: / can be written by everybody";
  assert.deepEqual(stage.said("notify-refused"), [text, text]);
  assert.deepEqual(
    notifications.status.refused.map(({ program }) => program),
    ["notify_master /m of VI_1"],
  );
});

test("news that come again after a restart are not told again", async () => {
  const stage = new Stage();
  const notifications = await started(stage, modelOf("notify /n"));
  const first = mark();
  assert.equal(notifications.hear(transition("MASTER"), first), true);
  assert.equal(notifications.hear(transition("MASTER"), first), false);
  const next = await started(stage, modelOf("notify /n"));
  assert.equal(next.hear(transition("MASTER"), first), false);
});

test("a process that is killed is followed by one that goes on where it ended", async () => {
  const stage = new Stage();
  const model = modelOf(everything);
  const killed = await started(stage, model);
  killed.hear(transition("MASTER"), mark());
  killed.hear(transition("BACKUP"), mark());
  stage.end(0);
  assert.deepEqual(stage.commands, ["/m", "/n INSTANCE VI_1 MASTER 100"]);
  // The second program lives on without the process that began it, and ends after a while.
  const next = await started(stage, model);
  next.hear(transition("MASTER"), mark());
  await settle();
  assert.equal(stage.runs.length, 2, "the one that lives is waited for");
  stage.living.delete(102);
  await new Promise((resolve) => setTimeout(resolve, 300));
  for (let i = 2; i < 6; i++) stage.end(i);
  assert.deepEqual(stage.commands.slice(2), [
    "/b",
    "/n INSTANCE VI_1 BACKUP 100",
    "/m",
    "/n INSTANCE VI_1 MASTER 100",
  ]);
});

test("the startup program runs first, and not again in the place of a process that was killed", async () => {
  const stage = new Stage();
  const model = modelOf("notify /n", 'startup_script "/up x"\nstartup_script_timeout 3');
  const notifications = new Notifications(stage.world());
  const starting = notifications.start(model);
  assert.deepEqual(stage.commands, ["/up x"]);
  assert.equal(stage.runs[0]?.request.timeoutMs, 3000);
  stage.end(0, { success: false, text: "exit status 1" });
  await starting;
  assert.deepEqual(stage.said("notify-failed"), ["startup_script /up: exit status 1"]);
  await started(stage, model);
  assert.equal(stage.runs.length, 1);
});

test("the shutdown program runs to its end", async () => {
  const stage = new Stage();
  const notifications = await started(stage, modelOf("", "shutdown_script /down"));
  const ending = notifications.shutDown();
  assert.deepEqual(stage.commands, ["/down"]);
  stage.end(0);
  await ending;
});

test("a stop is told to everybody, and waits for the programs", async () => {
  const stage = new Stage();
  const notifications = await started(stage, modelOf(everything, "notify_fifo /run/f"));
  notifications.hear(transition("MASTER"), mark());
  let stopped = false;
  const stopping = notifications.stop().then(() => {
    stopped = true;
  });
  await settle();
  assert.equal(stopped, false);
  for (let i = 0; i < 4; i++) stage.end(i);
  await stopping;
  assert.deepEqual(stage.commands.slice(2), ["/s", "/n INSTANCE VI_1 STOP 100"]);
  assert.deepEqual(stage.lines, [
    '/run/f INSTANCE "VI_1" MASTER 100',
    '/run/f INSTANCE "VI_1" STOP 100',
  ]);
  assert.deepEqual(stage.removed, ["/run/f"]);
  assert.equal(existsSync(stage.journalPath), false, "nothing is left for a next process");
});

test("a stop ends although a program hangs, and what was not told is said", async () => {
  const stage = new Stage();
  const notifications = await started(stage, modelOf(everything, "notify_timeout 0.1"));
  notifications.hear(transition("MASTER"), mark());
  await notifications.stop();
  assert.equal(notifications.status.dropped, 4);
  assert.match(stage.said("notify-lost").at(-1) ?? "", /STOP: notify .* does not run/);
});

test("lines wait in order for a reader that is away", async () => {
  const stage = new Stage();
  const notifications = await started(stage, modelOf("", "vrrp_notify_fifo /run/f"));
  stage.full = true;
  for (const state of ["BACKUP", "MASTER", "FAULT"] as const)
    notifications.hear(transition(state), mark());
  assert.deepEqual([stage.lines, notifications.status.pending], [[], 3]);
  stage.full = false;
  stage.pass(1000);
  assert.deepEqual(
    stage.lines.map((line) => line.split(" ")[3]),
    ["BACKUP", "MASTER", "FAULT"],
  );
});

test("so many lines wait and no more, and the loss is said", async () => {
  const stage = new Stage();
  const notifications = await started(stage, modelOf("", "vrrp_notify_fifo /run/f"));
  stage.full = true;
  for (let i = 0; i < 10_010; i++)
    notifications.hear(transition(i % 2 === 0 ? "BACKUP" : "MASTER"), mark());
  assert.equal(notifications.status.dropped, 9);
  assert.match(stage.said("notify-lost")[0] ?? "", /lines for a FIFO are lost/);
});

test("a FIFO that cannot be opened is said, and the rest goes on", async () => {
  const stage = new Stage();
  const globals = "notify_fifo /bad\nvrrp_notify_fifo /run/f";
  const notifications = await started(stage, modelOf("notify /n", globals));
  notifications.hear(transition("MASTER"), mark());
  assert.deepEqual(stage.said("notify-fifo"), ["cannot open /bad: EACCES"]);
  assert.equal(stage.lines.length, 1);
  assert.equal(stage.runs.length, 1);
});

test("the program that reads a FIFO gets its path, and is started again when it ends", async () => {
  const stage = new Stage();
  const globals = 'notify_fifo /run/f\nnotify_fifo_script "/read a"';
  const model = modelOf("", globals);
  const notifications = await started(stage, model);
  assert.deepEqual(stage.commands, ["/read a /run/f"]);
  assert.equal(stage.runs[0]?.request.timeoutMs, Number.POSITIVE_INFINITY);
  notifications.configure(model);
  assert.equal(stage.runs.length, 1, "a reload that leaves the FIFO alone leaves its reader alone");
  stage.end(0, { success: false, text: "exit status 1" });
  assert.match(
    stage.said("notify-fifo")[0] ?? "",
    /has ended \(exit status 1\): it is started again/,
  );
  notifications.release();
});

test("a reload tells of removed instances with the programs that they had", async () => {
  const stage = new Stage();
  const globals = "notify_fifo /run/f\nfifo_write_vrrp_states_on_reload";
  const notifications = await started(stage, modelOf("notify /n", globals, ["VI_1", "VI_2"]));
  notifications.hear(transition("MASTER", "VI_1"), mark());
  notifications.hear(transition("BACKUP", "VI_2"), mark());
  stage.lines.length = 0;
  notifications.configure(modelOf("notify /n", globals, ["VI_1"]));
  notifications.reloaded();
  stage.end(1);
  assert.deepEqual(stage.commands.at(-1), "/n INSTANCE VI_2 FAULT 100");
  assert.deepEqual(stage.lines, [
    '/run/f INSTANCE "VI_2" FAULT 100',
    '/run/f INSTANCE "VI_1" MASTER 100',
  ]);
});

const mails = "smtp_server 192.0.2.25\nnotification_email {\nops@example.org\n}\nsmtp_alert on";

test("a relay that is down is asked again and again, and all mails leave in order", async () => {
  const stage = new Stage();
  const notifications = await started(stage, modelOf("", mails));
  stage.mailOutcome = { ok: false, text: "connect ECONNREFUSED", again: true };
  notifications.hear(transition("BACKUP"), mark());
  notifications.hear(transition("MASTER"), mark());
  await settle();
  assert.deepEqual(stage.said("notify-mail"), [
    "mails cannot be sent for now and are tried again: connect ECONNREFUSED",
  ]);
  assert.equal(notifications.status.pending, 2);
  stage.mailOutcome = { ok: true, text: "taken", again: false };
  stage.pass(5000);
  await settle();
  assert.deepEqual(stage.mails, [
    "[lb1] VRRP Instance VI_1 - Entering BACKUP state",
    "[lb1] VRRP Instance VI_1 - Entering MASTER state",
  ]);
  assert.deepEqual(
    notifications.status.mails.map(({ ok: went }) => went),
    [true, true],
  );
});

test("a mail that is refused is not sent again, and one that waits for a day is given up", async () => {
  const stage = new Stage();
  const notifications = await started(stage, modelOf("", mails));
  stage.mailOutcome = { ok: false, text: "550 no such user", again: false };
  notifications.hear(transition("BACKUP"), mark());
  await settle();
  assert.equal(notifications.status.pending, 0);
  stage.mailOutcome = { ok: false, text: "451 later", again: true };
  notifications.hear(transition("MASTER"), mark());
  for (let i = 0; i < 200; i++) {
    stage.pass(900_000);
    await settle();
  }
  assert.deepEqual(
    notifications.status.mails.map(({ text }) => text),
    ["550 no such user", "given up: 451 later"],
  );
});

test("mails that could not leave before a stop leave after the next start", async () => {
  const stage = new Stage();
  const model = modelOf("", mails);
  const notifications = await started(stage, model);
  stage.mailOutcome = { ok: false, text: "connect ECONNREFUSED", again: true };
  notifications.hear(transition("MASTER"), mark());
  await settle();
  await notifications.stop();
  stage.mailOutcome = { ok: true, text: "taken", again: false };
  await started(stage, model);
  await settle();
  assert.deepEqual(stage.mails, [
    "[lb1] VRRP Instance VI_1 - Entering MASTER state",
    "[lb1] VRRP Instance VI_1 - Stopping",
  ]);
});

test("an instance that leaves the configuration and comes back is told from its beginning", async () => {
  const stage = new Stage();
  const two = modelOf("notify /n", "", ["VI_1", "VI_2"]);
  const killed = await started(stage, two);
  killed.hear(transition("BACKUP", "VI_2"), mark());
  stage.end(0);
  // It left while no main process was there to see it.
  const next = await started(stage, modelOf("notify /n"));
  next.configure(two);
  next.reloaded();
  next.hear(transition("BACKUP", "VI_2"), mark());
  assert.equal(stage.runs.length, 2);
});

test("an alarm that comes and goes is mailed once in a while", async () => {
  const stage = new Stage();
  const notifications = await started(stage, modelOf("", mails));
  const alarm = (active: boolean, atMs: number): EngineNews => {
    const text = "two routers hold the addresses";
    return { kind: "alarm", instance: "VI_1", alarm: "split-brain", active, text, atMs };
  };
  for (const minute of [0, 1, 2, 15])
    for (const active of [true, false]) notifications.hear(alarm(active, minute * 60_000), mark());
  await settle();
  assert.deepEqual(
    stage.mails.map((subject) => subject.replace(/.* - /, "")),
    [
      "ALARM: split-brain",
      "Alarm over: split-brain",
      "ALARM: split-brain",
      "Alarm over: split-brain",
    ],
  );
});
