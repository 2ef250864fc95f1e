import assert from "node:assert/strict";
import { test } from "node:test";
import type { IpAddress } from "../../base/address.ts";
import { fail, ok } from "../../base/result.ts";
import type { Route } from "../../model/routing.ts";
import type { VrrpInstance } from "../../model/vrrp-instance.ts";
import type { VrrpOptions } from "../../model/vrrp-options.ts";
import { wishOfInstances } from "../../model/vrrp-wish.ts";
import { describeRoute, describeRule } from "../../plan/match-routing.ts";
import type { AddressFact } from "../../plan/operation.ts";
import type { RouteFact, RuleFact } from "../../plan/routing-facts.ts";
import type { LinkFact } from "../../world/kernel.ts";
import { addressKey } from "../address-plan.ts";
import { type Leaving, type Master, NEVER } from "../state.ts";
import { LinkTable } from "./link-table.ts";
import type { EngineOutput, EngineWorld } from "./output.ts";
import { RunningInstance } from "./running-instance.ts";
import { StandingFacts } from "./standing-facts.ts";

const held: Leaving = {
  role: "LEAVING",
  phase: "granted",
  ready: { kind: "ready", priority: 100, source: "10.0.0.1" as IpAddress },
  outcome: "stopped",
  successor: undefined,
  endsAtMs: 1e12,
};
const absent = { role: "STOPPED" } as const;

/** A kernel of maps that writes down what it is told. */
class Kernel {
  readonly told: EngineOutput[] = [];
  readonly log: string[] = [];
  readonly addresses = new Map<string, AddressFact>();
  readonly routes: RouteFact[] = [];
  readonly rules: RuleFact[] = [];
  readonly links = new Map<string, LinkFact>();
  readonly settings = new Map<string, string>();
  hasGuard = true;
  nowMs = 1000;

  constructor() {
    this.addLink("eth0");
    this.settings.set("ipv4/conf/eth0/arp_ignore", "0");
    this.settings.set("ipv4/conf/eth0/arp_announce", "1");
    this.settings.set("ipv4/conf/all/rp_filter", "1");
  }

  addLink(name: string, alias?: string): void {
    const link = { index: this.links.size + 1, name, up: true, carrier: true, mtu: 1500, type: 1 };
    const mac = Uint8Array.of(2, 0, 0, 0, 0, link.index);
    this.links.set(name, { ...link, mac, ...(alias === undefined ? {} : { alias }) });
  }

  world(): EngineWorld {
    return {
      clock: { nowMs: () => this.nowMs, wallMs: () => this.nowMs },
      network: {
        open: () => assert.fail("no packets here"),
        sendFrame: () => ok(undefined),
      },
      openAlarm: () => ({ set: () => undefined, close: () => undefined }),
      tell: (output) => {
        this.told.push(output);
      },
      kernel: {
        links: () => ok([...this.links.values()]),
        addresses: () => ok([...this.addresses.values()]),
        apply: ({ kind, fact }) => {
          this.log.push(`${kind} ${fact.address} ${fact.lifetimeS ?? "stays"}`);
          if (kind === "add-address") this.addresses.set(addressKey(fact), fact);
          else this.addresses.delete(addressKey(fact));
          return ok(undefined);
        },
        renew: (facts) => {
          this.log.push(...facts.map(({ address }) => `renew ${address}`));
          return ok(undefined);
        },
        watch: () => undefined,
        changesSent: 0,
        close: () => undefined,
      },
      host: {
        guard: {
          read: () => ok({ addresses: [], leases: [] }),
          apply: (operations, renewals) => {
            if (!this.hasGuard) {
              const text = "nf_tables: EOPNOTSUPP";
              const fault = { call: "nf_tables", errno: 95, code: "EOPNOTSUPP", text };
              return fail({ kind: "syscall-failed", ...fault });
            }
            this.log.push(...operations.map(({ kind }) => kind));
            this.log.push(
              ...renewals.map(({ leaseMs, forMs }) =>
                leaseMs === forMs ? `lease ${leaseMs}` : `lease ${leaseMs} for ${forMs}`,
              ),
            );
            return ok({ rebuilt: false });
          },
          intact: () => true,
          remove: () => {
            this.log.push("remove guard");
            return ok(undefined);
          },
        },
        routing: {
          routes: () => ok([...this.routes]),
          rules: () => ok([...this.rules]),
          apply: (operation) => {
            const text =
              "route" in operation ? describeRoute(operation.route) : describeRule(operation.rule);
            this.log.push(`${operation.kind} ${text}`);
            if (operation.kind === "add-route") this.routes.push(operation.route);
            if (operation.kind === "add-rule") this.rules.push(operation.rule);
            if (operation.kind === "remove-route") this.routes.length = 0;
            if (operation.kind === "remove-rule") this.rules.length = 0;
            return ok(undefined);
          },
          watch: () => undefined,
          close: () => undefined,
        },
        virtualLinks: {
          add: (link, alias) => {
            this.log.push(`add-link ${link.name}`);
            this.addLink(link.name, alias);
            return ok(undefined);
          },
          remove: (name) => {
            this.log.push(`remove-link ${name}`);
            this.links.delete(name);
            return ok(undefined);
          },
        },
        settings: {
          read: (path) => this.settings.get(path),
          write: (path, value) => {
            this.settings.set(path, value);
            return ok(undefined);
          },
        },
      },
    };
  }
}

function route(destination: string, tracked = true): Route {
  return {
    type: "unicast",
    destination,
    via: "10.0.0.9" as IpAddress,
    tracked,
    options: [],
  };
}

function instance(options: VrrpOptions = {}, tracked = true): VrrpInstance {
  const vip = { address: "10.0.0.100" as IpAddress, prefixLength: 24 };
  return {
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
    virtualAddresses: [tracked ? vip : { ...vip, tracked }],
    excludedAddresses: [{ address: "10.0.0.101" as IpAddress, prefixLength: 24 }],
    trackedScripts: [],
    trackedInterfaces: [],
    garp: { delayMs: 5000, repeat: 5, refreshMs: 0, refreshRepeat: 1 },
    options,
  };
}

function stage(config: VrrpInstance): {
  kernel: Kernel;
  facts: StandingFacts;
  running: RunningInstance;
  links: LinkTable;
} {
  const kernel = new Kernel();
  return { kernel, ...settled(kernel, config) };
}

function settled(
  kernel: Kernel,
  config: VrrpInstance,
): { facts: StandingFacts; running: RunningInstance; links: LinkTable } {
  const world = kernel.world();
  const links = new LinkTable(world.kernel);
  links.readLinks();
  links.readAddresses();
  const facts = new StandingFacts(world, links, () => undefined);
  const running = new RunningInstance(config, 0);
  facts.configure(wishOfInstances([config]));
  facts.adopt([running], []);
  return { facts, running, links };
}

const withObjects: VrrpOptions = {
  routes: [route("192.0.2.0/24")],
  rules: [{ from: "10.0.0.100", table: 100, preference: 7, tracked: true, options: [] }],
};

test("what a MASTER needs comes in order, and goes in the reverse one", () => {
  const { kernel, facts, running } = stage(instance(withObjects));
  running.state = held;
  facts.settle(running);
  assert.deepEqual(kernel.log, [
    "guard-address",
    "guard-address",
    "lease 2690",
    "add-address 10.0.0.100 4",
    "add-address 10.0.0.101 4",
    "add-route 192.0.2.0/24 via 10.0.0.9",
    "add-rule 7: from 10.0.0.100/32 table 100",
  ]);
  kernel.log.length = 0;
  running.state = absent;
  facts.settle(running);
  assert.deepEqual(kernel.log, [
    "remove-rule 7: from 10.0.0.100/32 table 100",
    "remove-route 192.0.2.0/24 via 10.0.0.9",
    "remove-address 10.0.0.100 stays",
    "remove-address 10.0.0.101 stays",
    "release-address",
    "release-address",
  ]);
});

test("what others remove is put back and told, what is not tracked is left", () => {
  const options = { routes: [route("192.0.2.0/24"), route("192.0.3.0/24", false)] };
  const { kernel, facts, running, links } = stage(instance(options, false));
  running.state = held;
  facts.settle(running);
  facts.reconcile([running]);
  kernel.routes.length = 0;
  kernel.addresses.clear();
  links.readAddresses();
  kernel.log.length = 0;
  facts.linksChanged();
  facts.reconcile([running]);
  assert.deepEqual(kernel.log, ["add-address 10.0.0.101 4", "add-route 192.0.2.0/24 via 10.0.0.9"]);
  const found = kernel.told.flatMap((one) => (one.kind === "repair" ? [one.found] : []));
  assert.deepEqual(found, [
    "10.0.0.101/24 on eth0 was missing",
    "route 192.0.2.0/24 via 10.0.0.9 was missing",
  ]);
});

test("without a guard the addresses live shorter than a peer's patience", () => {
  const kernel = new Kernel();
  kernel.hasGuard = false;
  const { facts, running } = settled(kernel, instance());
  running.state = held;
  facts.settle(running);
  assert.deepEqual(kernel.log, ["add-address 10.0.0.100 2", "add-address 10.0.0.101 2"]);
  const warned = kernel.told.flatMap((one) => (one.kind === "log" ? [one.event.kind] : []));
  assert.deepEqual(warned, ["guard-failed"]);
});

test("leases are renewed in their rhythm, and lateness is told", () => {
  const { kernel, facts, running } = stage(instance());
  running.state = held;
  facts.settle(running);
  kernel.log.length = 0;
  assert.equal(facts.wakeAtMs(), 1500);
  kernel.nowMs = 1499;
  assert.deepEqual(facts.renew(), []);
  assert.deepEqual(kernel.log, []);
  kernel.nowMs = 1500;
  assert.deepEqual(facts.renew(), []);
  assert.deepEqual(kernel.log, ["lease 2690"]);
  kernel.nowMs = 2000;
  facts.renew();
  assert.deepEqual(kernel.log.slice(1), ["renew 10.0.0.100", "renew 10.0.0.101", "lease 2690"]);
  kernel.nowMs = 9000;
  assert.deepEqual(facts.renew(), [running], "it must be announced again");
  const warned = kernel.told.flatMap((one) => (one.kind === "log" ? [one.event.kind] : []));
  assert.deepEqual(warned, ["lease-lapsed"]);
});

test("a MASTER's own lease counts from its adverts, whenever it is renewed", () => {
  const { kernel, facts, running } = stage(instance({ lease: "auto" }));
  const master = (advertSentAtMs: number): Master => ({
    role: "MASTER",
    ready: held.ready,
    advertAtMs: advertSentAtMs + 1000,
    advertSentAtMs,
    announcedAtMs: 0,
    secondBurstAtMs: NEVER,
    assertionAtMs: NEVER,
    refreshAtMs: NEVER,
    formerMaster: undefined,
    queryAtMs: NEVER,
    queryGapMs: 1000,
  });
  const lives = (): readonly string[] =>
    kernel.log.splice(0).filter((one) => one.startsWith("lease"));
  kernel.nowMs = 10_000;
  running.state = master(10_000);
  facts.settle(running);
  lives();
  kernel.nowMs = 10_600;
  facts.renew();
  assert.deepEqual(lives(), [], "between adverts there is nothing to renew");
  kernel.nowMs = 11_000;
  facts.renew();
  assert.deepEqual(lives(), ["lease 2690"], "with the advert that is due in this turn");
  // An advert that went out 40 ms ago gives the lease 40 ms less.
  running.state = master(12_500);
  kernel.nowMs = 12_540;
  facts.renew();
  assert.deepEqual(lives(), ["lease 2690 for 2650"]);
  // One that is overdue gives it nothing: the peers count from the last that was sent.
  kernel.nowMs = 15_300;
  facts.renew();
  assert.deepEqual(lives(), []);
});

test("another word about packets counts without a change of state", () => {
  const { kernel, facts, running } = stage(instance({ lease: "no", accept: false }));
  running.state = held;
  facts.settle(running);
  kernel.log.length = 0;
  running.reconfigure(instance({ lease: "no", accept: true }));
  facts.adopt([running], []);
  facts.reconcile([running]);
  assert.deepEqual(kernel.log, ["release-address", "release-address"]);
});

test("at an end that leaves addresses where they are, they no longer expire", () => {
  const { kernel, facts, running } = stage(instance());
  running.state = held;
  facts.settle(running);
  kernel.log.length = 0;
  facts.letStay();
  assert.deepEqual(kernel.log, [
    "renew 10.0.0.100",
    "renew 10.0.0.101",
    "release-address",
    "release-address",
  ]);
  assert.equal(facts.wakeAtMs(), undefined);
});

test("a virtual interface is made before it is needed, and its base gets its settings back", () => {
  const virtualMac = { ofAddresses: false, transmitFromBase: false };
  const { kernel, facts, running } = stage(instance({ virtualMac, lease: "no" }));
  assert.deepEqual(kernel.log, ["add-link vrrp.51", "quiet-link"]);
  assert.equal(kernel.settings.get("ipv4/conf/eth0/arp_ignore"), "1");
  assert.equal(kernel.settings.get("ipv4/conf/eth0/arp_announce"), "2");
  assert.equal(kernel.settings.get("ipv4/conf/vrrp.51/rp_filter"), "2");
  assert.equal(kernel.settings.get("ipv4/conf/all/rp_filter"), "1");
  assert.equal(running.claims[0]?.fact.interface, "vrrp.51");
  facts.clear();
  assert.equal(kernel.links.has("vrrp.51"), false);
  assert.equal(kernel.settings.get("ipv4/conf/eth0/arp_ignore"), "0");
  assert.equal(kernel.settings.get("ipv4/conf/eth0/arp_announce"), "1");
});

test("after a crash the next process knows from the alias what to restore", () => {
  const virtualMac = { ofAddresses: false, transmitFromBase: false };
  const config = instance({ virtualMac, lease: "no" });
  const { kernel } = stage(config);
  const { facts } = settled(kernel, config);
  assert.equal(kernel.settings.get("ipv4/conf/eth0/arp_ignore"), "1");
  facts.clear();
  assert.equal(kernel.settings.get("ipv4/conf/eth0/arp_ignore"), "0");
  assert.equal(kernel.settings.get("ipv4/conf/eth0/arp_announce"), "1");
});

test("a route that cannot be carried out is named, and the others stand", () => {
  const vrf = { ...route("192.0.4.0/24"), options: [{ name: "vrf", values: ["red"] }] };
  const unknown = { ...route("192.0.5.0/24"), table: "nobody" };
  const { kernel, facts, running } = stage(
    instance({ lease: "no", routes: [vrf, unknown, route("192.0.2.0/24")] }),
  );
  running.state = held;
  facts.settle(running);
  assert.ok(kernel.log.includes("add-route 192.0.2.0/24 via 10.0.0.9"));
  const warned = kernel.told.flatMap((one) => (one.kind === "log" ? [one.event.text] : []));
  assert.deepEqual(warned, [
    "VI_1: route 192.0.4.0/24 is left out: `vrf` is not carried out; name the table of the VRF",
    "VI_1: route 192.0.5.0/24 is left out: `nobody` is no table that is known here",
  ]);
});
