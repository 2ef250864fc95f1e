// What is done to the routers, how it is undone, and what clients may lose by it.

import type { Prng } from "../../../src/base/prng.ts";
import type { Router } from "./router.ts";
import { virtualRoute } from "./site.ts";
import type { Stage } from "./stage.ts";

/** One fault, being played. */
export interface Scene {
  readonly stage: Stage;
  readonly target: Router;
  readonly peer: Router;
  readonly random: Prng;
  /** Of the two, when it began. */
  readonly interface: "eth0" | "eth1";
  /** How long the fault lasts. */
  readonly lastsMs: number;
}

/** What a fault may cost, from the site's timers, milliseconds. */
export interface Prices {
  /** Nobody should notice. */
  readonly none: number;
  /** One router hands over to the other, both alive. */
  readonly handover: number;
  /** Silence until the other one takes over. */
  readonly down: number;
}

export interface Fault {
  readonly name: string;
  readonly target: "MASTER" | "BACKUP";
  /** Shortest and longest time between the fault and its end, milliseconds. */
  readonly lastsMs: readonly [number, number];
  readonly apply: (scene: Scene) => Promise<unknown>;
  readonly heal: (scene: Scene) => Promise<unknown>;
  readonly price: keyof Prices;
  /** Both routers are MASTER as long as it lasts, which nobody can prevent. */
  readonly dividesThem?: boolean;
  /** It may be played while the other router has a fault of its own. */
  readonly joins?: true;
}

const nothing = (): Promise<void> => Promise.resolve();

type Processes = (target: Router) => readonly number[];

const ofVrrp: Processes = ({ pids }) => [pids.vrrp];
const ofMain: Processes = ({ pids }) => [pids.main];
const ofBoth: Processes = ({ pids }) => [pids.main, pids.vrrp];

async function kill({ target }: Scene, processes: Processes): Promise<void> {
  await target.signal("KILL", ...processes(target));
}

async function killMain(scene: Scene, processes: Processes): Promise<void> {
  await kill(scene, processes);
  await scene.target.untilEnded();
}

function stopped(
  name: string,
  target: Fault["target"],
  processes: Processes,
  price: Fault["price"],
): Fault {
  return {
    name: `SIGSTOP of ${name}, ${target}`,
    target,
    lastsMs: [300, 8000],
    apply: (scene) => scene.target.signal("STOP", ...processes(scene.target)),
    heal: (scene) => scene.target.signal("CONT", ...processes(scene.target)),
    price,
  };
}

const deaths: readonly Fault[] = (["MASTER", "BACKUP"] as const).flatMap((target) => [
  {
    name: `kill -9 of the VRRP process, ${target}`,
    target,
    lastsMs: [500, 500],
    apply: (scene) => kill(scene, ofVrrp),
    heal: nothing,
    price: target === "MASTER" ? "down" : "none",
  },
  {
    name: `kill -9 of main, ${target}`,
    target,
    lastsMs: [0, 2500],
    apply: (scene) => killMain(scene, ofMain),
    heal: ({ target: router }) => router.start(),
    price: "none",
  },
  {
    name: `kill -9 of both, ${target}`,
    target,
    lastsMs: [0, 4000],
    apply: (scene) => killMain(scene, ofBoth),
    heal: ({ target: router }) => router.start(),
    price: target === "MASTER" ? "down" : "none",
  },
  stopped("the VRRP process", target, ofVrrp, target === "MASTER" ? "down" : "none"),
  stopped("main", target, ofMain, "none"),
  stopped("both", target, ofBoth, target === "MASTER" ? "down" : "none"),
]);

/** A cable of a router at the switch. */
const port = ({ target, interface: name }: Scene): string => `${target.name}-${name}`;

const ports = ({ stage }: Scene): readonly string[] =>
  stage.routers.flatMap(({ name }) => [`${name}-eth0`, `${name}-eth1`]);

async function isolate(scene: Scene, isolated: "on" | "off"): Promise<void> {
  const commands = ports(scene).map((name) => `bridge link set dev ${name} isolated ${isolated}`);
  await scene.stage.lab.switch.shell(commands.join("\n"));
}

function dropped(name: string, target: Fault["target"], hook: string, rules: string): Fault {
  const table = `table inet chaos { chain fault { type filter hook ${hook} priority -400; ${rules} }; }`;
  return {
    name: `${name}, ${target}`,
    target,
    lastsMs: [1500, 5000],
    apply: (scene) => scene.target.host.shell(`nft '${table}'`),
    heal: (scene) => scene.target.host.shell("nft delete table inet chaos"),
    price: "handover",
    dividesThem: true,
  };
}

const vrrpOnly = "ip protocol 112 drop; ip6 nexthdr 112 drop;";

/** Everything from the other router, and nothing else. */
const fromPeer =
  "ip saddr { 10.9.0.1, 10.9.0.2, 10.8.0.1, 10.8.0.2 } drop; ip6 saddr fe80::/10 meta l4proto { 112, udp } drop;";

async function recreate({ stage, target, interface: name }: Scene): Promise<void> {
  const network = name === "eth0" ? "out" : "in";
  const number = target.name === "a" ? 1 : 2;
  await stage.lab.switch.wire(
    `ip link add ${target.name}-${name} type veth peer name ${name} address ${target.macs[name]} netns ${target.host.pid}
     ip link set ${target.name}-${name} master ${network} up`,
  );
  const settings = `sysctl -qw net.ipv6.conf.${name}.keep_addr_on_down=1`;
  const add =
    name === "eth0"
      ? `ip address add 10.9.0.${number}/24 dev eth0; ip address add fd09::${number}/64 dev eth0`
      : `ip address add 10.8.0.${number}/24 dev eth1`;
  await target.host.shell(
    `${settings}; ${add}; if command -v ethtool >/dev/null; then ethtool -K ${name} tx off >/dev/null; fi; ip link set ${name} up`,
  );
}

const links: readonly Fault[] = (["MASTER", "BACKUP"] as const).flatMap((target) => [
  {
    name: `interface down, ${target}`,
    target,
    lastsMs: [200, 4000],
    apply: (scene) => scene.target.host.shell(`ip link set ${scene.interface} down`),
    heal: (scene) => scene.target.host.shell(`ip link set ${scene.interface} up`),
    price: target === "MASTER" ? "down" : "none",
  },
  {
    name: `no carrier, ${target}`,
    target,
    lastsMs: [200, 4000],
    apply: (scene) => scene.stage.lab.switch.shell(`ip link set ${port(scene)} down`),
    heal: (scene) => scene.stage.lab.switch.shell(`ip link set ${port(scene)} up`),
    price: target === "MASTER" ? "down" : "none",
  },
  {
    name: `interface deleted and made again, ${target}`,
    target,
    lastsMs: [200, 4000],
    apply: (scene) => scene.target.host.shell(`ip link delete ${scene.interface}`),
    heal: recreate,
    price: target === "MASTER" ? "down" : "none",
  },
  dropped("hears no protocol 112", target, "input", vrrpOnly),
  dropped("sends no protocol 112", target, "output", vrrpOnly),
  dropped("hears nothing of the other", target, "prerouting", fromPeer),
]);

const partition: Fault = {
  name: "partition between the routers",
  target: "MASTER",
  lastsMs: [500, 5000],
  apply: (scene) => isolate(scene, "on"),
  heal: (scene) => isolate(scene, "off"),
  price: "handover",
  dividesThem: true,
};

function byHand(name: string, command: string): Fault {
  return {
    name: `${name} removed by hand`,
    target: "MASTER",
    lastsMs: [1000, 1000],
    apply: (scene) => scene.target.host.shell(command),
    heal: nothing,
    price: "handover",
  };
}

const hands: readonly Fault[] = [
  byHand("IPv4 address", "ip address del 10.9.0.100/24 dev eth0"),
  byHand("IPv6 address", "ip address del fd09::100/64 dev eth0"),
  byHand("route", `ip route del ${virtualRoute}`),
  byHand("nft tables", "nft flush ruleset"),
];

async function reload(router: Router, changes: Partial<Router["site"]>): Promise<void> {
  router.writeSite({ ...router.site, ...changes });
  await router.ask("reload");
}

/** Both files change, as an operator would change them: the BACKUP first. */
async function reloadBoth({ target, peer }: Scene, hasExtraAddress: boolean): Promise<void> {
  await reload(peer, { hasExtraAddress });
  await reload(target, { hasExtraAddress });
}

async function swapPriorities({ target, peer }: Scene): Promise<void> {
  const [mine, theirs] = [target.site.priority, peer.site.priority];
  await reload(target, { priority: theirs });
  await reload(peer, { priority: mine });
}

const operations: readonly Fault[] = [
  {
    name: "reload: priorities the other way round",
    target: "MASTER",
    lastsMs: [1000, 2000],
    apply: swapPriorities,
    heal: swapPriorities,
    price: "handover",
  },
  {
    name: "reload: one more address, and back",
    target: "MASTER",
    lastsMs: [500, 2000],
    apply: (scene) => reloadBoth(scene, true),
    heal: (scene) => reloadBoth(scene, false),
    price: "handover",
  },
  {
    name: "reload of an unchanged file",
    target: "MASTER",
    lastsMs: [500, 500],
    apply: ({ target }) => reload(target, {}),
    heal: nothing,
    price: "none",
  },
  {
    name: "keelson failover",
    target: "MASTER",
    lastsMs: [500, 1500],
    apply: ({ target }) => target.ask("failover", "OUT"),
    heal: nothing,
    price: "handover",
  },
  ...(["MASTER", "BACKUP"] as const).map(
    (target): Fault => ({
      name: `clean stop and start, ${target}`,
      target,
      lastsMs: [0, 2000],
      apply: async ({ target: router }) => {
        await router.ask("stop");
        await router.untilEnded();
      },
      heal: ({ target: router }) => router.start(),
      price: target === "MASTER" ? "handover" : "none",
    }),
  ),
  {
    name: "tracked script fails",
    target: "MASTER",
    lastsMs: [1500, 3000],
    apply: ({ target }) => target.host.shell("touch /run/site/fail"),
    heal: ({ target }) => target.host.shell("rm /run/site/fail"),
    price: "down",
  },
  {
    name: "nothing at all",
    target: "MASTER",
    lastsMs: [1500, 1500],
    apply: nothing,
    heal: nothing,
    price: "none",
  },
];

const joining = [...deaths, ...links].map((fault): Fault => ({ ...fault, joins: true }));

export const faults: readonly Fault[] = [...joining, partition, ...hands, ...operations];
