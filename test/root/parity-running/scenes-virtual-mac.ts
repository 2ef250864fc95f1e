// Interfaces of virtual routers: use_vmac and use_ipvlan in all their forms.

import { instance, rival, type Scene, shell, silence, start, stop } from "./scene.ts";

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

export const virtualMacs: readonly Scene[] = [
  {
    name: "use_vmac",
    text: instance(" use_vmac"),
    probes,
    story: [
      ...around.slice(0, 3),
      shell("link down", "ip link set eth0 down", FAULT),
      shell("link up", "ip link set eth0 up", MASTER),
      stop,
    ],
  },
  {
    name: "use_vmac, named, no_accept",
    quick: true,
    text: instance(" use_vmac vip9\n no_accept"),
    probes,
    story: around,
  },
  {
    name: "use_vmac with vmac_xmit_base",
    text: instance(" use_vmac\n vmac_xmit_base"),
    probes,
    story: around,
  },
  {
    name: "use_vmac over IPv6",
    quick: true,
    ipv6: true,
    text: instance(" use_vmac", { addresses: "fe80::100\nfd00:9::100/64" }),
    probes: ["fd00:9::100"],
    story: [start(MASTER), rival(six, BACKUP), silence(MASTER), stop],
  },
  {
    name: "use_vmac_addr, own VMAC of an address",
    text: instance(" use_vmac\n use_vmac_addr", { addresses: "10.9.0.100\n10.10.0.100 dev eth1" }),
    probes: ["10.9.0.100", "10.10.0.100"],
    story: [start(MASTER), stop],
  },
  {
    name: "address with use_vmac",
    text: instance("", { addresses: "10.9.0.100\n10.10.0.100 dev eth1 use_vmac" }),
    probes: ["10.9.0.100", "10.10.0.100"],
    story: [start(MASTER), stop],
  },
  {
    name: "use_vmac removed by hand",
    text: instance(" use_vmac"),
    probes,
    story: [start(MASTER), shell("removed", "ip link del vrrp.51", undefined, 4000), stop],
  },
  {
    name: "use_ipvlan",
    text: instance(" use_ipvlan 10.9.0.50/24"),
    probes,
    story: around,
  },
  {
    name: "use_vmac with a name that is taken",
    prepare: "ip link add vip9 type bridge; ip link set vip9 address 02:00:00:00:00:99 up",
    text: instance(" use_vmac vip9"),
    story: [start(undefined, 4000), stop],
  },
];
