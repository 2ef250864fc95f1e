// Who is MASTER: priorities, timers, authentication, adverts of all kinds.

import { instance, reload, rival, type Scene, shell, silence, start, step, stop } from "./scene.ts";

const MASTER = { VI_1: "MASTER" };
const BACKUP = { VI_1: "BACKUP" };
const FAULT = { VI_1: "FAULT" };
const V2 = "version 2\n advert_int 1";
const probes = ["10.9.0.100"];
const aside = { source: "10.9.0.200" };
const old = { version: 2, intervalCs: 100 } as const;

export const election: readonly Scene[] = [
  {
    name: "plain",
    quick: true,
    text: instance(""),
    probes,
    story: [
      start(MASTER),
      rival({}, BACKUP),
      silence(MASTER),
      step("cable out", { kind: "cable", port: "eth0", plugged: false }, FAULT),
      step("cable in", { kind: "cable", port: "eth0", plugged: true }, MASTER),
      shell("link down", "ip link set eth0 down", FAULT),
      shell("link up", "ip link set eth0 up", MASTER),
      stop,
    ],
  },
  {
    name: "version 2, PASS",
    quick: true,
    text: instance(" authentication {\n auth_type PASS\n auth_pass s3cret\n }", { version: V2 }),
    probes,
    story: [
      start(MASTER),
      rival({ ...old, password: "wrong", once: true }),
      rival({ ...old, password: "s3cret" }, BACKUP),
      silence(MASTER),
      stop,
    ],
  },
  {
    name: "version 2, AH",
    text: instance(" authentication {\n auth_type AH\n auth_pass s3cret\n }", { version: V2 }),
    probes,
    story: [start(MASTER), rival({ ...old, once: true }), stop],
  },
  {
    name: "version 2, long password, advert_int rounded",
    text: instance(" authentication {\n auth_type PASS\n auth_pass 123456789012\n }", {
      version: "version 2\n advert_int 1.4",
    }),
    story: [start(MASTER), stop],
  },
  {
    name: "version 2, other interval",
    text: instance("", { version: V2 }),
    story: [
      start(MASTER),
      rival({ ...old, intervalCs: 200, once: true }),
      rival({ ...old, once: true }, BACKUP),
      stop,
    ],
  },
  {
    name: "state MASTER without priority",
    quick: true,
    text: instance(" state MASTER", { priority: "" }),
    probes,
    story: [start(MASTER), rival({ priority: 254 }), silence(), stop],
  },
  {
    name: "state BACKUP with priority 255",
    text: instance(" state BACKUP", { priority: "priority 255" }),
    story: [start(MASTER), stop],
  },
  {
    name: "state MASTER of low priority",
    text: instance(" state MASTER", { priority: "priority 50" }),
    story: [start(MASTER), rival({ priority: 60 }, BACKUP), silence(MASTER), stop],
  },
  {
    name: "equal priority, higher address",
    quick: true,
    text: instance(""),
    story: [start(MASTER), rival({ priority: 100, ...aside }, BACKUP), silence(MASTER), stop],
  },
  {
    name: "equal priority, lower address",
    quick: true,
    text: instance("", { priority: "priority 100" }),
    prepare: "ip address del 10.9.0.1/24 dev eth0\nip address add 10.9.0.240/24 dev eth0",
    story: [start(MASTER), rival({ priority: 100, once: true }), stop],
  },
  {
    name: "nopreempt",
    quick: true,
    text: instance(" nopreempt\n state BACKUP"),
    story: [
      rival({ priority: 50 }),
      start(BACKUP),
      silence(MASTER),
      rival({ priority: 50, once: true }),
      rival({ priority: 150 }, BACKUP),
      silence(MASTER),
      stop,
    ],
  },
  {
    name: "nopreempt and state MASTER",
    text: instance(" nopreempt\n state MASTER"),
    story: [rival({ priority: 50 }), start(MASTER), silence(), stop],
  },
  {
    name: "preempt_delay",
    text: instance(" preempt_delay 3\n state BACKUP"),
    story: [rival({ priority: 50 }), start(MASTER), silence(), stop],
  },
  {
    name: "preempt_delay, the other one dies",
    quick: true,
    text: instance(" preempt_delay 60\n state BACKUP"),
    story: [rival({ priority: 50 }), start(BACKUP), silence(MASTER), stop],
  },
  {
    name: "higher_prio_send_advert",
    text: instance(" higher_prio_send_advert"),
    story: [start(MASTER), rival({}, BACKUP), stop],
  },
  {
    name: "lower_prio_no_advert, lower priority heard",
    text: instance(" lower_prio_no_advert\n garp_lower_prio_repeat 3\n garp_lower_prio_delay 1"),
    story: [start(MASTER), rival({ priority: 50, once: true }), stop],
  },
  {
    name: "lower priority heard",
    text: instance(""),
    story: [start(MASTER), rival({ priority: 50, once: true }), stop],
  },
  {
    name: "down_timer_adverts",
    text: instance(" down_timer_adverts 10"),
    story: [start(MASTER), rival({}, BACKUP), silence(MASTER), stop],
  },
  {
    name: "a goodbye of the other one",
    text: instance("", { version: "version 2\n advert_int 3" }),
    story: [
      rival({ ...old, intervalCs: 300 }),
      start(BACKUP),
      silence(undefined, 0),
      rival({ ...old, intervalCs: 300, priority: 0, once: true }, MASTER),
      stop,
    ],
  },
  {
    name: "adverts to be refused",
    text: instance(""),
    story: [
      start(MASTER),
      rival({ ttl: 254, once: true }),
      rival({ vrid: 52, once: true }),
      rival({ ...old, once: true }),
      rival({ addresses: ["10.9.0.101"], once: true }),
      stop,
    ],
  },
  {
    name: "skip_check_adv_addr",
    text: instance(" skip_check_adv_addr"),
    story: [start(MASTER), rival({ addresses: ["10.9.0.101"] }, BACKUP), silence(MASTER), stop],
  },
  {
    name: "interval of the other one",
    text: instance("", { version: "version 3\n advert_int 0.1" }),
    story: [rival({ intervalCs: 30 }), start(BACKUP), silence(MASTER), stop],
  },
  {
    name: "advert_int in hundredths",
    text: instance("", { version: "version 3\n advert_int 0.37" }),
    story: [start(MASTER), stop],
  },
  {
    name: "strict mode",
    quick: true,
    text: instance(" strict_mode on", { version: "version 3\n advert_int 0.2" }),
    probes,
    story: [start(MASTER), rival({}, BACKUP), silence(MASTER), stop],
  },
  {
    name: "strict mode and its contradictions",
    text: `global_defs {\n vrrp_strict\n}\n${instance(" state MASTER\n preempt_delay 5\n higher_prio_send_advert\n garp_lower_prio_repeat 3\n authentication {\n auth_type PASS\n auth_pass abc\n }", { version: V2 })}`,
    probes,
    story: [start(MASTER), stop],
  },
  {
    name: "reload: priority, addresses, interval",
    quick: true,
    text: instance(""),
    probes: ["10.9.0.100", "10.9.0.101"],
    story: [
      start(MASTER),
      reload("unchanged", instance("")),
      reload("other priority", instance("", { priority: "priority 70" })),
      reload("other address", instance("", { addresses: "10.9.0.101/24" })),
      reload(
        "other interval",
        instance("", { addresses: "10.9.0.101/24", version: "version 3\n advert_int 0.5" }),
      ),
      stop,
    ],
  },
  {
    name: "reload: an instance comes and goes",
    quick: true,
    text: instance(" notify_deleted"),
    probes: ["10.9.0.100", "10.9.0.101"],
    story: [
      start(MASTER),
      reload(
        "one more",
        instance(" notify_deleted") +
          instance("", { name: "VI_2", vrid: 52, addresses: "10.9.0.101" }),
        { VI_2: "MASTER" },
      ),
      reload("one less", instance("", { name: "VI_2", vrid: 52, addresses: "10.9.0.101" })),
      stop,
    ],
  },
  {
    name: "reload: other VRID, VMAC and back",
    text: instance(""),
    probes,
    story: [
      start(MASTER),
      reload("other VRID", instance("", { vrid: 77 }), MASTER),
      reload("VMAC", instance(" use_vmac", { vrid: 77 }), MASTER),
      reload("no VMAC", instance("", { vrid: 77 }), MASTER),
      stop,
    ],
  },
  {
    name: "reload while BACKUP",
    text: instance(""),
    story: [
      rival({}),
      start(BACKUP),
      reload("higher priority", instance("", { priority: "priority 220" }), MASTER),
      reload("lower priority", instance("", { priority: "priority 100" }), BACKUP),
      silence(MASTER),
      stop,
    ],
  },
  {
    name: "vrrp_startup_delay",
    text: `global_defs {\n vrrp_startup_delay 3\n}\n${instance("")}`,
    story: [start(MASTER), stop],
  },
  {
    name: "two instances with one address",
    text: instance("") + instance("", { name: "VI_2", vrid: 52 }),
    probes,
    story: [start({ ...MASTER, VI_2: "MASTER" }), rival({}, BACKUP), silence(MASTER), stop],
  },
];
