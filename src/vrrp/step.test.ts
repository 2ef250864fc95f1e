import assert from "node:assert/strict";
import { test } from "node:test";
import type { IpAddress } from "../base/address.ts";
import type { VrrpInstance } from "../model/vrrp-instance.ts";
import type { Condition } from "./condition.ts";
import {
  addressWish,
  NOT_STARTED,
  type VrrpDeed,
  type VrrpEvent,
  type VrrpMachineState,
  vrrpStateName,
  vrrpWakeAtMs,
} from "./state.ts";
import { stepVrrp } from "./step.ts";

const OWN = "10.0.0.1" as IpAddress;
const PEER = "10.0.0.2" as IpAddress;

const base: VrrpInstance = {
  name: "VI_1",
  interface: "eth0",
  vrid: 51,
  version: 3,
  family: 4,
  initialState: "BACKUP",
  priority: 100,
  advertIntervalCs: 100,
  authentication: { type: "none" },
  preempt: true,
  preemptDelayMs: 0,
  multicastGroup: "224.0.0.18" as IpAddress,
  virtualAddresses: [{ address: "10.0.0.100" as IpAddress, prefixLength: 32 }],
  excludedAddresses: [],
  trackedScripts: [],
  trackedInterfaces: [],
  garp: { delayMs: 5000, repeat: 5, refreshMs: 0, refreshRepeat: 1 },
};

/** Plays one machine by hand: `at(ms)` runs the clock, the rest are events at that time. */
class Play {
  state: VrrpMachineState = NOT_STARTED;
  nowMs = 0;
  readonly done: VrrpDeed[] = [];
  config: VrrpInstance;

  constructor(changes: Partial<VrrpInstance> = {}) {
    this.config = { ...base, ...changes };
  }

  event(event: VrrpEvent): this {
    const step = stepVrrp(this.config, this.state, event, this.nowMs);
    this.state = step.state;
    this.done.push(...step.deeds);
    return this;
  }

  start(
    condition: Condition = { kind: "ready", priority: this.config.priority, source: OWN },
  ): this {
    return this.event({ kind: "started", condition });
  }

  at(ms: number): this {
    for (;;) {
      const wakeAtMs = vrrpWakeAtMs(this.state);
      if (wakeAtMs === undefined || wakeAtMs > ms) break;
      this.nowMs = wakeAtMs;
      this.event({ kind: "clock-reached" });
    }
    this.nowMs = ms;
    return this;
  }

  hear(priority: number, options: { source?: IpAddress; intervalMs?: number } = {}): this {
    const { source = PEER, intervalMs = this.config.advertIntervalCs * 10 } = options;
    const advert = { priority, source, intervalMs, atMs: this.nowMs };
    return this.event({ kind: "advert-received", advert });
  }

  /** The kinds of the deeds since the last call, adverts with their priority. */
  deeds(): readonly string[] {
    return this.done.splice(0).map((deed) => {
      if (deed.kind === "send-advert") return `send-advert ${deed.priority}`;
      if (deed.kind === "record-transition") return `${deed.from}>${deed.to} ${deed.cause.kind}`;
      return deed.kind;
    });
  }

  /** How often each announcement since the last call was said. */
  repeats(): readonly number[] {
    return this.done.splice(0).flatMap((deed) => (deed.kind === "announce" ? [deed.repeat] : []));
  }

  causes(): readonly string[] {
    return this.done.flatMap((deed) =>
      deed.kind === "record-transition" ? [deed.cause.text] : [],
    );
  }

  get name(): string {
    return vrrpStateName(this.state);
  }
}

test("silence makes a BACKUP the MASTER: advert, addresses, announcement, in that order", () => {
  const play = new Play().start().at(3609);
  assert.equal(play.name, "BACKUP");
  play.deeds();
  play.at(3610);
  assert.deepEqual(play.deeds(), [
    "send-advert 100",
    "settle-addresses",
    "announce",
    "BACKUP>MASTER no-master",
  ]);
  assert.equal(
    play
      .at(7000)
      .deeds()
      .filter((deed) => deed === "send-advert 100").length,
    3,
  );
});

test("the owner of the addresses does not wait", () => {
  const play = new Play({ priority: 255 }).start();
  assert.equal(play.name, "MASTER");
});

test("a cause names the router that fell silent, its priority and how long", () => {
  const play = new Play().start().at(100).hear(150).at(1100).hear(150).at(6000);
  assert.ok(play.causes().includes("no advert from 10.0.0.2 (priority 150) for 3609 ms"));
});

test("a higher advert demotes a MASTER, which says goodbye with one advert of its own", () => {
  const play = new Play().start().at(4000);
  play.deeds();
  play.hear(101);
  assert.deepEqual(play.deeds(), [
    "send-advert 100",
    "settle-addresses",
    "MASTER>BACKUP higher-priority-advert",
  ]);
  assert.equal(addressWish(play.state), "absent");
});

test("equal priorities: the higher address wins, unsigned", () => {
  const low = new Play()
    .start()
    .at(4000)
    .hear(100, { source: "192.168.0.1" as IpAddress });
  assert.equal(low.name, "BACKUP");
  const high = new Play()
    .start()
    .at(4000)
    .hear(100, { source: "1.1.1.1" as IpAddress });
  assert.equal(high.name, "MASTER");
});

test("adverts of lower routers are answered at a bounded rate, and announcements coalesce", () => {
  const play = new Play().start().at(4000);
  play.deeds();
  for (let i = 0; i < 1000; i++) play.at(4000 + i).hear(50);
  const deeds = play.deeds();
  const adverts = deeds.filter((deed) => deed.startsWith("send-advert")).length;
  const announcements = deeds.filter((deed) => deed === "announce").length;
  assert.ok(adverts >= 3 && adverts <= 5, `${adverts} adverts`);
  assert.ok(announcements >= 3 && announcements <= 5, `${announcements} announcements`);
});

test("version 3 learns the MASTER's interval and keeps its own for its own adverts", () => {
  const play = new Play({ advertIntervalCs: 10 }).start().hear(200, { intervalMs: 1000 });
  play.at(3500);
  assert.equal(play.name, "BACKUP");
  play.at(3700);
  assert.equal(play.name, "MASTER");
  play.deeds();
  assert.equal(
    play
      .at(4700)
      .deeds()
      .filter((deed) => deed === "send-advert 100").length,
    10,
  );
});

test("priority 0 shortens the wait to one skew", () => {
  const play = new Play().start().hear(200).at(500).hear(0).at(1109);
  assert.equal(play.name, "BACKUP");
  play.at(1110);
  assert.equal(play.name, "MASTER");
  assert.ok(play.causes().includes("10.0.0.2 gave up (priority 0)"));
});

test("nopreempt leaves a lower MASTER alone, preempt takes over from it", () => {
  const patient = new Play({ preempt: false }).start();
  const eager = new Play().start();
  for (let ms = 0; ms < 10_000; ms += 1000) {
    patient.at(ms).hear(50);
    eager.at(ms);
    if (eager.name === "BACKUP") eager.hear(50);
  }
  assert.equal(patient.name, "BACKUP");
  assert.equal(eager.name, "MASTER");
  assert.ok(eager.causes().includes("10.0.0.2 has the lower priority 50, this router 100"));
});

test("preempt_delay counts from the first lower advert; then the Down timer runs out", () => {
  const play = new Play({ preemptDelayMs: 5000 }).start();
  for (let ms = 500; ms <= 20_000; ms += 1000) {
    play.at(ms);
    if (play.name === "MASTER") break;
    play.hear(50);
  }
  // The last advert that counted came at 4500, 5500 was the first after the delay.
  assert.ok(play.nowMs > 4500 + 3609 && play.nowMs < 4500 + 3609 + 1000, `${play.nowMs}`);
});

test("a MASTER without preemption that was stalled yields to whoever took over", () => {
  const play = new Play({ preempt: false }).start().at(4000);
  play.nowMs = 12_000; // No clock event was delivered in between.
  play.hear(50);
  assert.equal(play.name, "BACKUP");
  const preempting = new Play().start().at(4000);
  preempting.nowMs = 12_000;
  assert.equal(preempting.hear(50).name, "MASTER");
});

test("a MASTER announces again after a stall that could have let another one in", () => {
  const play = new Play().start().at(4000);
  play.deeds();
  play.nowMs = 8500;
  play.event({ kind: "clock-reached" });
  assert.deepEqual(play.deeds(), ["send-advert 100", "announce"]);
});

test("announcements: a second burst after the delay, then refreshes", () => {
  const garp = { delayMs: 5000, repeat: 5, refreshMs: 60_000, refreshRepeat: 1 };
  const play = new Play({ garp, priority: 255 }).start();
  const times: number[] = [];
  for (let ms = 0; ms <= 130_000; ms += 250) {
    if (play.at(ms).deeds().includes("announce")) times.push(ms);
  }
  assert.deepEqual(times, [0, 5000, 60_000, 120_000]);
});

test("found addresses stay until another MASTER is heard, and are kept on becoming MASTER", () => {
  const alone = new Play().start();
  assert.equal(addressWish(alone.state), "undecided");
  assert.equal(addressWish(alone.at(4000).state), "held");
  const lower = new Play().start();
  lower.deeds();
  assert.equal(addressWish(lower.hear(0).state), "undecided");
  assert.equal(addressWish(lower.hear(50).state), "absent");
  assert.deepEqual(lower.deeds(), ["settle-addresses"]);
});

test("a fault withdraws with priority 0; recovery waits a whole Down interval again", () => {
  const play = new Play().start().at(4000);
  play.deeds();
  const cause = { kind: "carrier-lost", text: "eth0 has no carrier" };
  play.event({ kind: "condition-changed", condition: { kind: "fault", cause } });
  assert.deepEqual(play.deeds(), [
    "send-advert 0",
    "MASTER>FAULT carrier-lost",
    "settle-addresses",
  ]);
  play.event({
    kind: "condition-changed",
    condition: { kind: "ready", priority: 100, source: OWN },
  });
  assert.deepEqual(play.deeds(), ["FAULT>BACKUP recovered", "settle-addresses"]);
  assert.equal(play.at(7600).name, "BACKUP");
  assert.equal(play.at(7610).name, "MASTER");
});

test("a tracker without a result keeps a new instance waiting and a running one running", () => {
  const cause = { kind: "script-pending", text: "script chk has no result yet" };
  const fresh = new Play().start({ kind: "waiting", cause }).at(60_000);
  assert.equal(fresh.name, "INIT");
  const running = new Play().start().at(4000);
  running.event({ kind: "condition-changed", condition: { kind: "waiting", cause } });
  assert.equal(running.name, "MASTER");
});

test("a changed priority is advertised and moves the Down timer", () => {
  const play = new Play().start().hear(200);
  play.event({
    kind: "condition-changed",
    condition: { kind: "ready", priority: 200, source: OWN },
  });
  const { state } = play;
  assert.equal(state.role === "BACKUP" && state.masterDownAtMs, 3000 + ((256 - 200) * 1000) / 256);
});

test("a BACKUP asks a MASTER whose adverts are missing before it takes over, and believes its answer", () => {
  const play = new Play().start().hear(200);
  play.deeds();
  play.at(3500);
  assert.deepEqual(play.deeds(), ["query-master"]);
  play.event({ kind: "master-answers", source: PEER, priority: 200, atMs: 3500 });
  assert.equal(play.at(3700).name, "BACKUP");
  assert.equal(play.at(7200).name, "MASTER");
});

test("a MASTER that has become lower is preempted, whether it is asked or not", () => {
  const play = new Play().start().hear(200).at(500).hear(50);
  play.event({ kind: "master-answers", source: PEER, priority: 50, atMs: 600 });
  play.deeds();
  assert.equal(play.at(3700).name, "MASTER");
  assert.equal(play.deeds().includes("query-master"), false);
});

test("a MASTER by silence asks the former one ever more rarely, and yields to the answer of a higher one", () => {
  const play = new Play().start().hear(200).at(4000);
  assert.equal(play.name, "MASTER");
  play.deeds();
  play.at(20_000);
  assert.equal(play.deeds().filter((deed) => deed === "query-master").length, 5);
  play.event({ kind: "master-answers", source: PEER, priority: 50, atMs: 20_000 });
  assert.equal(play.name, "MASTER");
  play.event({ kind: "master-answers", source: PEER, priority: 200, atMs: 20_000 });
  assert.equal(play.name, "BACKUP");
});

test("a machine that has slept listens again, with a whole Down interval of patience", () => {
  const master = new Play().start().at(4000);
  master.deeds();
  master.nowMs = 5000;
  master.event({ kind: "machine-resumed", sleptMs: 60_000 });
  assert.deepEqual(master.deeds(), ["settle-addresses", "MASTER>BACKUP machine-resumed"]);
  assert.equal(addressWish(master.state), "absent");
  const { state } = master;
  const patienceMs = 3000 + ((256 - 100) * 1000) / 256;
  assert.equal(state.role === "BACKUP" && state.masterDownAtMs, 5000 + patienceMs);
  const backup = new Play().start().at(3000);
  backup.event({ kind: "machine-resumed", sleptMs: 60_000 });
  assert.equal(backup.at(5000).name, "BACKUP");
});

test("lower_prio_no_advert: a lower advert is not answered, and the addresses are announced all the same", () => {
  const options = { lowerPriorityNoAdvert: true };
  const play = new Play({ options }).start().at(4000);
  play.deeds();
  play.at(4600).hear(50);
  assert.deepEqual(play.deeds(), ["announce"]);
});

test("garp_lower_prio_delay: the addresses are announced once more, as often as garp_lower_prio_repeat says", () => {
  const options = { garpLowerPriorityRepeat: 2, garpLowerPriorityDelayMs: 1000 };
  const play = new Play({ options }).start().at(10_000);
  play.deeds();
  play.at(10_600).hear(50);
  assert.deepEqual(play.repeats(), [2]);
  play.at(11_601);
  assert.deepEqual(play.repeats(), [2]);
  play.at(20_000);
  assert.deepEqual(play.repeats(), []);
});

test("garp_lower_prio_repeat 0: a lower advert is answered by an advert alone", () => {
  const play = new Play({ options: { garpLowerPriorityRepeat: 0 } }).start().at(4000);
  play.deeds();
  play.at(4600).hear(50);
  assert.deepEqual(play.deeds(), ["send-advert 100"]);
});

test("higher_prio_send_advert says it or not, whatever the intervals are", () => {
  for (const [higherPrioritySendAdvert, adverts] of [
    [true, 1],
    [false, 0],
  ] as const) {
    const play = new Play({ options: { higherPrioritySendAdvert } }).start().at(4000);
    play.deeds();
    play.at(4600).hear(200);
    assert.equal(play.deeds().filter((deed) => deed === "send-advert 100").length, adverts);
  }
});

test("down_timer_adverts: as many adverts must be missing", () => {
  const play = new Play({ options: { downTimerAdverts: 10 } }).start().hear(200);
  assert.equal(play.at(10_000).name, "BACKUP");
  assert.equal(play.at(10_700).name, "MASTER");
});

test("a stopped MASTER says priority 0 at once and holds the addresses for its successor", () => {
  const play = new Play().start().at(4000);
  play.deeds();
  play.event({ kind: "stop", offers: false });
  assert.deepEqual(play.deeds(), ["send-advert 0", "MASTER>INIT stopped"]);
  assert.equal(addressWish(play.state), "held");
  play.at(4600).hear(50);
  assert.equal(addressWish(play.at(4640).state), "held");
  assert.equal(addressWish(play.at(4651).state), "absent");
  assert.deepEqual(play.deeds(), ["settle-addresses", "finish"]);
});

test("a stopped MASTER without a successor gives up after the longest skew and a margin", () => {
  const play = new Play().start().at(4000).event({ kind: "stop", offers: false });
  assert.equal(vrrpWakeAtMs(play.state), 4000 + 996.09375 + 1000);
  assert.equal(play.at(6000).state.role, "STOPPED");
});

test("a stopped BACKUP is done at once and sends nothing", () => {
  const play = new Play().start();
  play.deeds();
  play.event({ kind: "stop", offers: false });
  assert.deepEqual(play.deeds(), ["BACKUP>INIT stopped", "settle-addresses", "finish"]);
});
