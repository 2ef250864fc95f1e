// What is in the kernel while MASTER: addresses, routes, rules, virtual interfaces, announcements.

import { instance, reload, rival, type Scene, shell, silence, start, step, stop } from "./scene.ts";

const MASTER = { VI_1: "MASTER" };
const BACKUP = { VI_1: "BACKUP" };
const FAULT = { VI_1: "FAULT" };
const probes = ["10.9.0.100"];
const six = {
  version: 3,
  source: "fe80::200",
  addresses: ["fe80::100", "fd00:9::100"],
} as const;
const around = [start(MASTER), rival({}, BACKUP), silence(MASTER), stop];

export const objects: readonly Scene[] = [
  {
    name: "address words",
    quick: true,
    text: instance("", {
      addresses: ` 10.9.0.100/24 brd + label eth0:vip
 10.9.0.101/24 brd 10.9.0.255 scope link
 10.9.0.102 scope host
 10.10.0.100/24 dev eth1 label eth1:9
 10.99.0.1/24 noprefixroute
 10.98.0.1 peer 10.98.0.2
 10.97.0.1/24 brd -`,
    }),
    probes: ["10.9.0.100", "10.10.0.100"],
    story: [
      start(MASTER),
      rival(
        {
          addresses: [
            "10.9.0.100",
            "10.9.0.101",
            "10.9.0.102",
            "10.10.0.100",
            "10.99.0.1",
            "10.98.0.1",
            "10.97.0.1",
          ],
        },
        BACKUP,
      ),
      silence(MASTER),
      stop,
    ],
  },
  {
    name: "excluded addresses of both families",
    quick: true,
    ipv6: true,
    text: instance(` virtual_ipaddress_excluded {
 10.9.0.110/24
 fd00:9::110/64
 fd00:9::111
 fd00:9::112/64 preferred_lft 0
 fd00:9::115/64 -nodad
 fd00:9::113/64 home
 }`),
    probes: ["10.9.0.110", "fd00:9::110"],
    story: around,
  },
  {
    name: "promote_secondaries",
    text: instance(" promote_secondaries", { addresses: " 10.20.0.1/24\n 10.20.0.2/24" }),
    story: [
      start(MASTER),
      shell("primary removed", "ip address del 10.20.0.1/24 dev eth0", undefined, 3000),
      stop,
    ],
  },
  {
    name: "address removed by hand",
    text: instance("", { addresses: "10.9.0.100\n10.9.0.101" }),
    probes: ["10.9.0.100", "10.9.0.101"],
    story: [
      start(MASTER),
      shell("removed", "ip address del 10.9.0.100/32 dev eth0", undefined, 3000),
      stop,
    ],
  },
  {
    name: "address of no_track removed by hand",
    quick: true,
    text: instance("", { addresses: "10.9.0.100 no_track\n10.9.0.101" }),
    story: [start(MASTER), shell("removed", "ip address del 10.9.0.100/32 dev eth0"), stop],
  },
  {
    name: "address there before the start",
    prepare: "ip address add 10.9.0.100/32 dev eth0",
    text: instance(""),
    probes,
    story: [rival({}), start(BACKUP), silence(MASTER), stop],
  },
  {
    name: "virtual routes and rules",
    quick: true,
    text: instance(` virtual_routes {
 10.50.0.0/24 via 10.9.0.254
 10.51.0.0/24 dev eth1 scope link
 10.52.0.0/24 via 10.9.0.254 src 10.9.0.100 metric 50
 10.53.0.0/24 via 10.9.0.254 table 100
 blackhole 10.54.0.0/24
 10.55.0.0/24 nexthop via 10.9.0.254 weight 2 nexthop via 10.10.0.254 weight 1
 10.56.0.0/24 via 10.9.0.254 mtu 1400 no_track
 }
 virtual_rules {
 from 10.50.0.0/24 table 100 priority 500
 to 10.51.0.0/24 lookup 100 priority 501
 fwmark 5 table 100 priority 502
 from 10.60.0.0/24 blackhole priority 503
 }`),
    story: [
      ...around.slice(0, 3),
      shell("route removed", "ip route del 10.50.0.0/24", undefined, 3000),
      shell("rule removed", "ip rule del priority 500", undefined, 3000),
      shell("untracked route removed", "ip route del 10.56.0.0/24"),
      stop,
    ],
  },
  {
    name: "static objects",
    quick: true,
    text: `static_ipaddress {
 10.70.0.1/24 dev eth1
 10.70.0.2/32 dev eth0 scope link label eth0:st
}
static_routes {
 10.71.0.0/24 via 10.9.0.254 dev eth0
 10.72.0.0/24 via 10.9.0.254 dev eth0 table 200
}
static_rules {
 from 10.71.0.0/24 table 200 priority 600
}
${instance("")}`,
    story: [
      start(MASTER),
      shell(
        "removed",
        "ip address del 10.70.0.1/24 dev eth1; ip route del 10.71.0.0/24; ip rule del priority 600",
        undefined,
        2500,
      ),
      rival({}, BACKUP),
      stop,
    ],
  },
  {
    name: "reload: static objects and routes change",
    text: `static_ipaddress {\n 10.70.0.1/24 dev eth1\n}\nstatic_routes {\n 10.71.0.0/24 via 10.9.0.254 dev eth0\n}\n${instance(" virtual_routes {\n 10.50.0.0/24 via 10.9.0.254\n }")}`,
    story: [
      start(MASTER),
      reload(
        "others",
        `static_ipaddress {\n 10.70.0.2/24 dev eth1\n}\nstatic_routes {\n 10.73.0.0/24 via 10.9.0.254 dev eth0\n}\n${instance(" virtual_routes {\n 10.51.0.0/24 via 10.9.0.254\n }")}`,
      ),
      stop,
    ],
  },
  {
    name: "garp variants",
    text: `global_defs {\n vrrp_garp_master_delay 2\n vrrp_garp_master_repeat 3\n}\n${instance(" garp_master_refresh 3\n garp_master_refresh_repeat 2", { addresses: "10.9.0.100\n10.9.0.101" })}`,
    story: [start(MASTER, 6800), stop],
  },
  {
    name: "garp_interval",
    text: `global_defs {\n vrrp_garp_interval 0.1\n}\n${instance(" garp_master_repeat 4\n garp_master_delay 0", { addresses: "10.9.0.100\n10.9.0.101\n10.9.0.102" })}`,
    story: [start(MASTER, 3000), stop],
  },
  {
    name: "garp_lower_prio",
    quick: true,
    text: instance(" garp_lower_prio_repeat 2\n garp_lower_prio_delay 1"),
    story: [start(MASTER), rival({ priority: 50, once: true }, undefined, 3000), stop],
  },
  {
    name: "garp_group, garp_extra_if",
    text: `garp_group {\n garp_interval 0.05\n interfaces {\n eth0\n eth1\n }\n}\n${instance(" use_vmac\n garp_extra_if 2", { addresses: "10.9.0.100\n10.10.0.100 dev eth1" })}`,
    story: [start(MASTER, 4500), stop],
  },
  {
    name: "more addresses than an advert holds",
    text: instance("", {
      addresses: Array.from({ length: 300 }, (_, i) => ` 10.30.${i >> 8}.${i & 255}`).join("\n"),
    }),
    story: [start(MASTER, 4000), stop],
  },
  {
    name: "no address",
    text: instance("", { addresses: "", version: "version 2\n advert_int 1" }),
    story: [start(MASTER), stop],
  },
  {
    name: "IPv6",
    quick: true,
    ipv6: true,
    text: instance("", { addresses: "fe80::100\nfd00:9::100/64\nfd00:9::101" }),
    probes: ["fd00:9::100"],
    story: [
      start(MASTER),
      rival({ ...six, addresses: ["fe80::100", "fd00:9::100", "fd00:9::101"] }, BACKUP),
      silence(MASTER),
      stop,
    ],
  },
  {
    name: "IPv6 without a link-local address",
    ipv6: true,
    text: instance("", { addresses: "fd00:9::100/64" }),
    probes: ["fd00:9::100"],
    story: [start(MASTER), stop],
  },
  {
    name: "no_accept",
    quick: true,
    text: instance(" no_accept"),
    probes,
    story: around,
  },
  {
    name: "accept with strict",
    text: `global_defs {\n vrrp_strict\n}\n${instance(" accept")}`,
    probes,
    story: [start(MASTER), stop],
  },
  {
    name: "no_accept over IPv6",
    ipv6: true,
    text: instance(" no_accept", { addresses: "fe80::100\nfd00:9::100/64" }),
    probes: ["fd00:9::100"],
    story: [start(MASTER), stop],
  },
  {
    name: "mcast_src_ip, mcast_dst_ip",
    quick: true,
    prepare: "ip address add 10.9.0.33/24 dev eth0",
    text: instance(" mcast_src_ip 10.9.0.33\n mcast_dst_ip 224.0.0.77"),
    story: [start(MASTER), rival({ destination: "224.0.0.77" }, BACKUP), silence(MASTER), stop],
  },
  {
    name: "vrrp_mcast_group4",
    text: `global_defs {\n vrrp_mcast_group4 224.0.0.99\n}\n${instance("")}`,
    story: [
      start(MASTER),
      rival({ once: true }),
      rival({ destination: "224.0.0.99" }, BACKUP),
      stop,
    ],
  },
  {
    name: "unicast",
    quick: true,
    text: instance(
      " unicast_src_ip 10.9.0.1\n unicast_ttl 64\n unicast_peer {\n 10.9.0.200\n 10.9.0.254\n }",
    ),
    probes,
    prepare: "ip neigh add 10.9.0.200 lladdr 02:00:00:00:00:c8 dev eth0",
    story: [start(MASTER), rival({ destination: "10.9.0.1" }, BACKUP), silence(MASTER), stop],
  },
  {
    name: "unicast, a stranger",
    text: instance(" check_unicast_src\n unicast_peer {\n 10.9.0.254\n }"),
    story: [start(MASTER), rival({ destination: "10.9.0.1", once: true }), stop],
  },
  {
    name: "unicast with use_vmac",
    text: instance(" use_vmac\n unicast_peer {\n 10.9.0.254\n }"),
    probes,
    story: [start(MASTER), stop],
  },
  {
    name: "unicast_fault_no_peer",
    text: instance(" unicast_src_ip 10.9.0.1\n unicast_fault_no_peer"),
    story: [start(FAULT), stop],
  },
  {
    name: "track_src_ip",
    prepare: "ip address add 10.9.0.33/24 dev eth0",
    text: instance(" track_src_ip\n mcast_src_ip 10.9.0.33"),
    story: [
      start(MASTER),
      shell("source removed", "ip address del 10.9.0.33/24 dev eth0", FAULT),
      shell("source back", "ip address add 10.9.0.33/24 dev eth0", MASTER),
      stop,
    ],
  },
  {
    name: "source address changes",
    text: instance(""),
    story: [
      start(MASTER),
      shell(
        "other address",
        "ip address add 10.9.0.5/24 dev eth0; ip address del 10.9.0.1/24 dev eth0",
        undefined,
        3000,
      ),
      stop,
    ],
  },
  {
    name: "MAC address changes",
    quick: true,
    text: instance(""),
    probes,
    story: [
      start(MASTER),
      shell("other MAC", "ip link set eth0 address 02:00:00:00:00:77", undefined, 3000),
      stop,
    ],
  },
  {
    name: "interface goes and comes",
    quick: true,
    prepare:
      "ip link add dm0 type veth peer name dm1; ip link set dm1 address 02:00:00:00:00:56 up; ip link set dm0 address 02:00:00:00:00:55 up; ip address add 10.11.0.1/24 dev dm0",
    text: `global_defs {\n dynamic_interfaces\n}\n${instance("", { device: "dm0" })}`,
    story: [
      start(MASTER),
      shell("deleted", "ip link del dm0", FAULT),
      shell(
        "made again",
        "ip link add dm0 type veth peer name dm1; ip link set dm1 address 02:00:00:00:00:56 up; ip link set dm0 address 02:00:00:00:00:55 up; ip address add 10.11.0.1/24 dev dm0",
        MASTER,
      ),
      stop,
    ],
  },
  {
    name: "interface that is not there yet",
    text: `global_defs {\n dynamic_interfaces allow_if_changes\n}\n${instance("", { device: "dm0" })}`,
    story: [
      start(undefined),
      shell(
        "made",
        "ip link add dm0 type veth peer name dm1; ip link set dm1 address 02:00:00:00:00:56 up; ip link set dm0 address 02:00:00:00:00:55 up; ip address add 10.11.0.1/24 dev dm0",
        MASTER,
      ),
      shell("renamed", "ip link set dm0 down; ip link set dm0 name dm2; ip link set dm2 up", FAULT),
      stop,
    ],
  },
  {
    name: "dont_track_primary",
    text: instance(" dont_track_primary"),
    story: [
      start(MASTER),
      step("cable out", { kind: "cable", port: "eth0", plugged: false }),
      step("cable in", { kind: "cable", port: "eth0", plugged: true }),
      stop,
    ],
  },
];
