import assert from "node:assert/strict";
import { test } from "node:test";
import { ok } from "../base/result.ts";
import { loadConfiguration } from "../conf/load-configuration.ts";
import type { Model } from "../model/model.ts";
import { type Audience, audienceOf } from "./audience.ts";
import { desiredJobs, stateLines } from "./desired-jobs.ts";
import type { NotifyEvent, Subject, ToldState } from "./event.ts";
import type { Job } from "./job.ts";
import { nothingTold, type Told } from "./told.ts";

/** The model of a configuration; `globals`, `instance` and `group` stand in their blocks. */
function modelOf(blocks: { globals?: string; instance?: string; group?: string }): Model {
  const group =
    blocks.group === undefined ? "" : `vrrp_sync_group G {\ngroup {\nVI_1\n}\n${blocks.group}\n}`;
  const text = `global_defs {
router_id lb1
${blocks.globals ?? ""}
}
${group}
vrrp_instance VI_1 {
interface eth0
virtual_router_id 7
priority 100
virtual_ipaddress {
10.0.0.1/24
}
${blocks.instance ?? ""}
}
virtual_server 10.0.0.1 80 {
lb_algo rr
lb_kind NAT
protocol TCP
real_server 10.0.0.7 80 {
TCP_CHECK { 
retry 0
}
}
}
`;
  const { model } = loadConfiguration({ path: "test.conf", readFile: () => ok(text) });
  assert.ok(model !== undefined);
  return model;
}

const mails = `smtp_server 192.0.2.25
notification_email {
ops@example.org
}`;
const everyProgram = `notify_master "/m a"
notify_backup /b
notify_fault /f
notify_stop /s
notify_deleted /d
notify "/n x y"
notify_master_rx_lower_pri /low`;
const VI_1: Subject = { type: "INSTANCE", name: "VI_1" };
const G: Subject = { type: "GROUP", name: "G" };

function stateEvent(state: ToldState, subject = VI_1, priority = 100): NotifyEvent {
  const cause = { kind: "test", text: "the test wants it" };
  return { kind: "state", subject, state, from: "BACKUP", priority, cause, atMs: 1000 };
}

/** A program with its arguments, a line, or the subject of a mail. */
function describe(job: Job): string {
  switch (job.kind) {
    case "program":
      return [...job.program.command, ...job.arguments].join(" ");
    case "line":
      return `${job.fifo}: ${job.text}`;
    case "mail":
      return `mail: ${job.subject}`;
  }
}

/** Tells events one after the other, and what came of each. */
function tell(audience: Audience, ...events: readonly NotifyEvent[]): readonly string[][] {
  let told: Told = nothingTold;
  return events.map((event) => {
    const step = desiredJobs(audience, told, event);
    told = step.told;
    return step.jobs.map(describe);
  });
}

function audience(blocks: Parameters<typeof modelOf>[0]): Audience {
  return audienceOf(modelOf(blocks), "host");
}

test("the program of the state comes first, then the one for every change with four arguments", () => {
  const told = tell(
    audience({ instance: everyProgram }),
    stateEvent("BACKUP"),
    stateEvent("MASTER"),
    stateEvent("FAULT", VI_1, 90),
    stateEvent("STOP"),
  );
  assert.deepEqual(told, [
    ["/b", "/n x y INSTANCE VI_1 BACKUP 100"],
    ["/m a", "/n x y INSTANCE VI_1 MASTER 100"],
    ["/f", "/n x y INSTANCE VI_1 FAULT 90"],
    ["/s", "/n x y INSTANCE VI_1 STOP 100"],
  ]);
});

test("a group's priority is 0", () => {
  const group = "notify_master /gm\nnotify /gn";
  assert.deepEqual(tell(audience({ group }), stateEvent("MASTER", G, 0)), [
    ["/gm", "/gn GROUP G MASTER 0"],
  ]);
});

test("programs hear the cause in their environment", () => {
  const { jobs } = desiredJobs(
    audience({ instance: everyProgram }),
    nothingTold,
    stateEvent("MASTER"),
  );
  const [job] = jobs;
  assert.ok(job?.kind === "program");
  assert.deepEqual(job.environment, {
    KEELSON_CAUSE: "test",
    KEELSON_CAUSE_TEXT: "the test wants it",
    KEELSON_FROM: "BACKUP",
    KEELSON_AT_MS: "1000",
  });
});

test("a state that has been told is not told again", () => {
  const told = tell(
    audience({ instance: "notify /n" }),
    stateEvent("MASTER"),
    stateEvent("MASTER"),
    stateEvent("BACKUP"),
    stateEvent("MASTER"),
  );
  assert.deepEqual(told, [
    ["/n INSTANCE VI_1 MASTER 100"],
    [],
    ["/n INSTANCE VI_1 BACKUP 100"],
    ["/n INSTANCE VI_1 MASTER 100"],
  ]);
});

test("with notify_deleted a removed instance is told as DELETED", () => {
  const told = tell(
    audience({ instance: everyProgram }),
    stateEvent("FAULT"),
    stateEvent("DELETED"),
  );
  assert.deepEqual(told[1], ["/d", "/n x y INSTANCE VI_1 DELETED 100"]);
});

test("without it a removed instance is told as FAULT, and the program for FAULT does not run", () => {
  const instance = "notify_fault /f\nnotify /n";
  assert.deepEqual(tell(audience({ instance }), stateEvent("MASTER"), stateEvent("DELETED"))[1], [
    "/n INSTANCE VI_1 FAULT 100",
  ]);
  assert.deepEqual(tell(audience({ instance }), stateEvent("FAULT"), stateEvent("DELETED"))[1], []);
});

test("an instance that comes back after its removal is told as a new one", () => {
  const { told } = desiredJobs(
    audience({ instance: "notify /n" }),
    desiredJobs(audience({}), nothingTold, stateEvent("BACKUP")).told,
    stateEvent("DELETED"),
  );
  assert.deepEqual(told, nothingTold);
});

test("FIFOs get keepalived's lines, the common one before the one for VRRP", () => {
  const globals = "notify_fifo /run/all\nvrrp_notify_fifo /run/vrrp\nlvs_notify_fifo /run/lvs";
  const told = tell(
    audience({ globals, group: "" }),
    stateEvent("MASTER"),
    stateEvent("MASTER", G, 0),
    { kind: "lower-priority-heard", instance: "VI_1", priority: 100, atMs: 1 },
  );
  assert.deepEqual(told, [
    ['all: INSTANCE "VI_1" MASTER 100\n', 'vrrp: INSTANCE "VI_1" MASTER 100\n'],
    ['all: GROUP "G" MASTER 0\n', 'vrrp: GROUP "G" MASTER 0\n'],
    [
      'all: INSTANCE "VI_1" MASTER_RX_LOWER_PRI 100\n',
      'vrrp: INSTANCE "VI_1" MASTER_RX_LOWER_PRI 100\n',
    ],
  ]);
});

test("the program for an advert of lower priority gets no arguments", () => {
  const event = { kind: "lower-priority-heard", instance: "VI_1", priority: 100, atMs: 1 } as const;
  assert.deepEqual(tell(audience({ instance: everyProgram }), event), [["/low"]]);
});

test("priorities go to the FIFOs where the instance, its group or global_defs wants it", () => {
  const globals = "vrrp_notify_fifo /run/vrrp";
  const changed = { kind: "priority-changed", instance: "VI_1", priority: 90, atMs: 1 } as const;
  const wanted = `${globals}\nvrrp_notify_priority_changes on`;
  const events = [changed, stateEvent("MASTER"), changed] as const;
  const told = tell(audience({ globals: wanted }), ...events);
  assert.deepEqual(told[0], ['vrrp: INSTANCE "VI_1" BACKUP_PRIORITY 90\n']);
  assert.deepEqual(told[2], ['vrrp: INSTANCE "VI_1" MASTER_PRIORITY 90\n']);
  assert.deepEqual(tell(audience({ globals }), ...events)[2], []);
  const group = "notify_priority_changes on";
  assert.equal(tell(audience({ globals, group }), ...events)[2]?.length, 1);
  const instance = "notify_priority_changes off";
  assert.deepEqual(tell(audience({ globals: wanted, instance }), ...events)[2], []);
});

test("servers go to the FIFO for all and to the one for the balancer", () => {
  const globals = "notify_fifo /run/all\nlvs_notify_fifo /run/lvs\nvrrp_notify_fifo /run/vrrp";
  const model = modelOf({ globals });
  const key = model.virtualServers[0]?.key;
  const server = model.virtualServers[0]?.realServers[0];
  assert.ok(key !== undefined && server !== undefined);
  const { address, port } = server;
  const common = { key, cause: { kind: "test", text: "x" }, atMs: 1 };
  const told = tell(
    audienceOf(model, "host"),
    { kind: "real-server", address, port, up: false, ...common },
    { kind: "virtual-server", up: true, ...common },
  );
  assert.deepEqual(told, [
    [
      "all: RS [10.0.0.7]:tcp:80 [10.0.0.1]:tcp:80 DOWN\n",
      "balancer: RS [10.0.0.7]:tcp:80 [10.0.0.1]:tcp:80 DOWN\n",
    ],
    ["all: VS [10.0.0.1]:tcp:80 UP\n", "balancer: VS [10.0.0.1]:tcp:80 UP\n"],
  ]);
});

test("mails have keepalived's subjects, and are sent where the block or global_defs wants them", () => {
  const wanted = audience({ globals: `${mails}\nsmtp_alert on`, group: "" });
  assert.deepEqual(
    tell(wanted, stateEvent("MASTER"), stateEvent("STOP"), stateEvent("FAULT", G, 0)),
    [
      ["mail: [lb1] VRRP Instance VI_1 - Entering MASTER state"],
      ["mail: [lb1] VRRP Instance VI_1 - Stopping"],
      ["mail: [lb1] VRRP Group G - Entering FAULT state"],
    ],
  );
  const count = (blocks: Parameters<typeof modelOf>[0]): number =>
    tell(audience(blocks), stateEvent("MASTER"))[0]?.length ?? 0;
  assert.equal(count({ globals: mails }), 0);
  assert.equal(count({ globals: mails, instance: "smtp_alert on" }), 1);
  assert.equal(count({ globals: `${mails}\nsmtp_alert on\nsmtp_alert_vrrp off` }), 0);
  assert.equal(count({ globals: `${mails}\nsmtp_alert on`, instance: "smtp_alert off" }), 0);
  assert.equal(count({ globals: "smtp_alert on" }), 0, "without a relay there is nobody to send");
});

test("a mail says why", () => {
  const { jobs } = desiredJobs(
    audience({ globals: mails, instance: "smtp_alert on" }),
    nothingTold,
    stateEvent("MASTER"),
  );
  const [job] = jobs;
  assert.ok(job?.kind === "mail");
  assert.equal(
    job.text,
    "=> VRRP Instance is now owning VRRP VIPs <=\n\nCause: the test wants it\nBefore: BACKUP\nPriority: 100\n",
  );
});

test("with no_email_faults nobody hears of a FAULT, nor of the return to what was mailed last", () => {
  const globals = `${mails}\nsmtp_alert on\nno_email_faults`;
  const told = tell(
    audience({ globals }),
    stateEvent("MASTER"),
    stateEvent("FAULT"),
    stateEvent("MASTER"),
    stateEvent("BACKUP"),
  );
  assert.deepEqual(
    told.map((jobs) => jobs.length),
    [1, 0, 0, 1],
  );
});

test("real servers are mailed about unless somebody says otherwise, virtual servers only when wished", () => {
  const count = (globals: string): readonly number[] => {
    const model = modelOf({ globals: `${mails}\n${globals}` });
    const key = model.virtualServers[0]?.key;
    const server = model.virtualServers[0]?.realServers[0];
    assert.ok(key !== undefined && server !== undefined);
    const { address, port } = server;
    const common = { key, up: false, cause: { kind: "test", text: "x" }, atMs: 1 };
    return tell(
      audienceOf(model, "host"),
      { kind: "real-server", address, port, ...common },
      { kind: "virtual-server", ...common },
    ).map((jobs) => jobs.length);
  };
  assert.deepEqual(count(""), [1, 0]);
  assert.deepEqual(count("smtp_alert on"), [1, 1]);
  assert.deepEqual(count("smtp_alert on\nsmtp_alert_checker off"), [0, 0]);
});

test("an alarm is mailed, and neither programs nor FIFOs hear of it", () => {
  const globals = `${mails}\nsmtp_alert on\nnotify_fifo /run/all`;
  const alarm = { kind: "alarm", instance: "VI_1", alarm: "split-brain", atMs: 1 } as const;
  const told = tell(
    audience({ globals, instance: everyProgram }),
    { ...alarm, active: true, text: "two routers hold the addresses" },
    { ...alarm, active: false, text: "over: two routers hold the addresses" },
  );
  assert.deepEqual(told, [
    ["mail: [lb1] VRRP Instance VI_1 - ALARM: split-brain"],
    ["mail: [lb1] VRRP Instance VI_1 - Alarm over: split-brain"],
  ]);
});

test("after a reload all states can be told again, groups first", () => {
  const globals = "notify_fifo /run/all\nfifo_write_vrrp_states_on_reload";
  const listeners = audience({ globals, group: "" });
  const first = desiredJobs(listeners, nothingTold, stateEvent("MASTER"));
  const { told } = desiredJobs(listeners, first.told, stateEvent("MASTER", G, 0));
  assert.deepEqual(stateLines(listeners, told, () => 120).map(describe), [
    'all: GROUP "G" MASTER 0\n',
    'all: INSTANCE "VI_1" MASTER 120\n',
  ]);
});

test("programs of one instance are one lane, lines of one FIFO another, and all mails one", () => {
  const globals = `${mails}\nsmtp_alert on\nnotify_fifo /run/all`;
  const { jobs } = desiredJobs(
    audience({ globals, instance: everyProgram }),
    nothingTold,
    stateEvent("MASTER"),
  );
  assert.deepEqual(
    jobs.map(({ lane }) => lane),
    ["INSTANCE VI_1", "INSTANCE VI_1", "fifo all", "mail"],
  );
});

test("of what is not configured nothing comes but that it is known", () => {
  const stranger: Subject = { type: "INSTANCE", name: "VI_9" };
  const step = desiredJobs(audience({}), nothingTold, stateEvent("MASTER", stranger));
  assert.deepEqual(step.jobs, []);
  assert.equal(step.told.states["INSTANCE VI_9"], "MASTER");
});
