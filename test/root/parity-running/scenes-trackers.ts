// What is watched: scripts, files, processes, interfaces, groups, and who is told.

import { instance, reload, rival, type Scene, shell, silence, start, step, stop } from "./scene.ts";

const MASTER = { VI_1: "MASTER" };
const BACKUP = { VI_1: "BACKUP" };
const FAULT = { VI_1: "FAULT" };
const script = (lines = ""): string =>
  `vrrp_script chk {\n script "/run/chk"\n interval 1\n timeout 2\n${lines}\n}\n`;
const files = { "/run/chk": "#!/bin/sh\ntest ! -e /run/bad\n" };
const track = (how = ""): string => instance(` track_script {\n chk ${how}\n }`);
const fails = (
  until?: Readonly<Record<string, string>>,
  settleMs = 3000,
): ReturnType<typeof shell> => shell("script fails", ": >/run/bad", until, settleMs);
const succeeds = (
  until?: Readonly<Record<string, string>>,
  settleMs = 3000,
): ReturnType<typeof shell> => shell("script succeeds", "rm -f /run/bad", until, settleMs);
const group = (lines: string, first = "", second = ""): string =>
  `vrrp_sync_group G {\n group {\n VI_1\n VI_2\n }\n${lines}\n}\n${instance(first)}${instance(second, { name: "VI_2", vrid: 52, device: "eth1", addresses: "10.10.0.100" })}`;
const BOTH = { VI_1: "MASTER", VI_2: "MASTER", G: "MASTER" };
const NONE = { VI_1: "BACKUP", VI_2: "BACKUP", G: "BACKUP" };
const call = (word: string): string => `"/run/call ${word}"`;
const callFile = { "/run/call": '#!/bin/sh\necho "$@" >>/run/calls\n' };
const pulled = (port: string, until?: Readonly<Record<string, string>>): ReturnType<typeof step> =>
  step(`cable of ${port} out`, { kind: "cable", port, plugged: false }, until);
const plugged = (port: string, until?: Readonly<Record<string, string>>): ReturnType<typeof step> =>
  step(`cable of ${port} in`, { kind: "cable", port, plugged: true }, until);

export const trackers: readonly Scene[] = [
  {
    name: "script, no weight",
    quick: true,
    files,
    text: script() + track(),
    story: [start(MASTER), fails(FAULT), succeeds(MASTER), stop],
  },
  {
    name: "script fails from the start",
    files,
    prepare: ": >/run/bad",
    text: script() + track(),
    story: [start(FAULT), succeeds(MASTER), stop],
  },
  {
    name: "script, positive weight",
    quick: true,
    files,
    text: script(" weight 20") + track(),
    story: [start(MASTER), fails(), rival({ priority: 110 }, BACKUP), succeeds(MASTER), stop],
  },
  {
    name: "script, negative weight, rise and fall",
    files,
    text: script(" weight -30\n rise 2\n fall 2") + track(),
    story: [start(MASTER), rival({ priority: 80 }), fails(BACKUP), succeeds(MASTER), stop],
  },
  {
    name: "script, reverse weights",
    files,
    text: script() + track("weight 30 reverse"),
    story: [start(MASTER), fails(), succeeds(), stop],
  },
  {
    name: "script, init_fail and rise",
    files,
    text: script(" init_fail\n rise 3") + track(),
    story: [start(MASTER), stop],
  },
  {
    name: "script that hangs",
    files: { "/run/chk": "#!/bin/sh\ntest ! -e /run/bad || sleep 30\n" },
    text: script() + track(),
    story: [start(MASTER), fails(FAULT), succeeds(MASTER, 2000), stop],
  },
  {
    name: "script that does not exist",
    text: `vrrp_script chk {\n script "/run/nothing"\n interval 1\n weight 10\n}\n${track()}`,
    story: [start(MASTER), stop],
  },
  {
    name: "file with weights",
    quick: true,
    prepare: "echo 0 >/run/number",
    text: `track_file f {\n file "/run/number"\n weight 2\n}\n${instance(" track_file {\n f\n }")}`,
    story: [
      start(MASTER),
      shell("10", "echo 10 >/run/number"),
      shell("-20", "echo -20 >/run/number"),
      shell("-200", "echo -200 >/run/number", FAULT),
      shell("0", "echo 0 >/run/number", MASTER),
      shell("removed", "rm /run/number"),
      stop,
    ],
  },
  {
    name: "file without weight, init_file",
    text: `track_file f {\n file "/run/number"\n weight 0\n init_file 0\n}\n${instance(" track_file {\n f\n }")}`,
    story: [
      start(MASTER),
      shell("1", "echo 1 >/run/number", FAULT),
      shell("0", "echo 0 >/run/number", MASTER),
      stop,
    ],
  },
  {
    name: "processes",
    files: { "/run/worker": "#!/bin/sh\nexec sleep 1000\n" },
    prepare: "cp $(command -v sleep) /run/busybee; /run/busybee 1000 >/dev/null 2>&1 </dev/null &",
    text: `vrrp_track_process p {\n process busybee\n}\n${instance(" track_process {\n p\n }")}`,
    story: [
      start(MASTER),
      shell("ended", "kill $(grep -lx busybee /proc/[0-9]*/comm | sed 's/[^0-9]//g')", FAULT),
      shell("begun", "/run/busybee 1000 >/dev/null 2>&1 </dev/null &", MASTER),
      stop,
    ],
  },
  {
    name: "processes with weight and delays",
    prepare: "cp $(command -v sleep) /run/busybee; /run/busybee 1000 >/dev/null 2>&1 </dev/null &",
    text: `vrrp_track_process p {\n process busybee\n weight -20\n terminate_delay 1\n fork_delay 1\n}\n${instance(" track_process {\n p\n }")}`,
    story: [
      start(MASTER),
      shell(
        "ended",
        "kill $(grep -lx busybee /proc/[0-9]*/comm | sed 's/[^0-9]//g')",
        undefined,
        3000,
      ),
      shell("begun", "/run/busybee 1000 >/dev/null 2>&1 </dev/null &", undefined, 3000),
      stop,
    ],
  },
  {
    name: "interface, no weight",
    text: instance(" track_interface {\n eth1\n }"),
    story: [start(MASTER), pulled("eth1", FAULT), plugged("eth1", MASTER), stop],
  },
  {
    name: "interface, weights",
    quick: true,
    text: instance(" track_interface {\n eth1 weight -20\n }"),
    story: [start(MASTER), pulled("eth1"), plugged("eth1"), stop],
  },
  {
    name: "interface, reverse weight",
    text: instance(" track_interface {\n eth1 weight 20 reverse\n }"),
    story: [start(MASTER), pulled("eth1"), plugged("eth1"), stop],
  },
  {
    name: "interface_up_down_delays",
    text: `interface_up_down_delays {\n eth1 1 2\n}\n${instance(" track_interface {\n eth1\n }", { version: "version 3\n advert_int 1" })}`,
    story: [start(MASTER), pulled("eth1", FAULT), plugged("eth1", MASTER), stop],
  },
  {
    name: "owner with trackers of weight",
    files,
    text:
      script(" weight -30") +
      instance(" state MASTER\n track_script {\n chk\n }", { priority: "priority 255" }),
    story: [start(MASTER), fails(), stop],
  },
  {
    name: "sync group",
    quick: true,
    text: group(""),
    probes: ["10.9.0.100", "10.10.0.100"],
    story: [
      start(BOTH),
      rival({}, NONE),
      silence(BOTH),
      pulled("eth1", { VI_2: "FAULT", G: "FAULT" }),
      plugged("eth1", BOTH),
      stop,
    ],
  },
  {
    name: "sync group with a script",
    files,
    text: script() + group(" track_script {\n chk\n }"),
    story: [start(BOTH), fails({ G: "FAULT" }), succeeds(BOTH), stop],
  },
  {
    name: "sync group with weights of members",
    files,
    text: script(" weight -20") + group("", " track_script {\n chk\n }"),
    story: [start(BOTH), fails(), succeeds(), stop],
  },
  {
    name: "sync_group_tracking_weight",
    files,
    text: script(" weight -20") + group(" sync_group_tracking_weight", " track_script {\n chk\n }"),
    story: [start(BOTH), fails(), succeeds(), stop],
  },
  {
    name: "sync group, weights of the group",
    files,
    text: script(" weight 20") + group(" track_script {\n chk\n }"),
    story: [start(BOTH), fails(), rival({ priority: 110 }, NONE), succeeds(BOTH), stop],
  },
  {
    name: "sync group of two families",
    ipv6: true,
    text: `vrrp_sync_group G {\n group {\n VI_1\n VI_6\n }\n}\n${instance("")}${instance("", { name: "VI_6", vrid: 61, addresses: "fe80::100\nfd00:9::100/64" })}`,
    story: [
      start({ VI_1: "MASTER", VI_6: "MASTER", G: "MASTER" }),
      rival({}, { VI_1: "BACKUP", VI_6: "BACKUP" }),
      silence({ G: "MASTER" }),
      stop,
    ],
  },
  {
    name: "sync group, state MASTER",
    text: group("", " state MASTER", " state MASTER"),
    story: [start(BOTH), stop],
  },
  {
    name: "notify programs",
    quick: true,
    files: callFile,
    text: instance(
      [
        ` notify_master ${call("master")}`,
        ` notify_backup ${call("backup")}`,
        ` notify_fault ${call("fault")}`,
        ` notify_stop ${call("stop")}`,
        ` notify_master_rx_lower_pri ${call("lower")}`,
        ` notify ${call("any")}`,
        " notify_priority_changes",
      ].join("\n"),
    ),
    story: [
      start(MASTER),
      rival({ priority: 50, once: true }),
      rival({}, BACKUP),
      silence(MASTER),
      pulled("eth0", FAULT),
      plugged("eth0", MASTER),
      reload("gone", instance("", { name: "VI_2", vrid: 52, addresses: "10.9.0.101" }), {
        VI_2: "MASTER",
      }),
      stop,
    ],
  },
  {
    name: "notify programs of groups",
    files: callFile,
    text: group(
      ` notify_master ${call("master")}\n notify_backup ${call("backup")}\n notify_fault ${call("fault")}\n notify_stop ${call("stop")}\n notify ${call("any")}`,
    ),
    story: [start(BOTH), rival({}, NONE), silence(BOTH), pulled("eth1", { G: "FAULT" }), stop],
  },
  {
    name: "notify_priority_changes in the FIFO",
    quick: true,
    files,
    text: script(" weight 20") + instance(" notify_priority_changes\n track_script {\n chk\n }"),
    story: [start(MASTER), fails(), succeeds(), stop],
  },
  {
    name: "track_group of static objects",
    text: `track_group T {\n group {\n VI_1\n }\n}\nstatic_ipaddress {\n 10.70.0.1/24 dev eth1 track_group T\n}\n${instance("")}`,
    story: [
      start(MASTER),
      shell("removed", "ip address del 10.70.0.1/24 dev eth1", undefined, 3000),
      stop,
    ],
  },
  {
    name: "reload: a script is added and removed",
    files,
    text: instance(""),
    story: [
      start(MASTER),
      reload("with a script", script(" weight 20") + track(), undefined, 3000),
      reload("without", instance("")),
      stop,
    ],
  },
];
