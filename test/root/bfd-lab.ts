// Two hosts on one segment for tests of BFD: `a` runs our VRRP process, `b` whatever the test is about.

import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import type { IpAddress } from "../../src/base/address.ts";
import type { FromVrrp } from "../../src/daemon/vrrp-channel.ts";
import type { Host } from "../../src/lab/host.ts";
import { Lab } from "../../src/lab/lab.ts";
import type { LabProcess } from "../../src/lab/lab-process.ts";
import { waitFor } from "../../src/lab/waiting.ts";
import type { BfdSession } from "../../src/model/bfd-session.ts";
import type { BfdSessionStatus } from "../../src/model/bfd-status.ts";
import type { VrrpInstance } from "../../src/model/vrrp-instance.ts";
import { KeelsonRouter } from "./vrrp-lab.ts";

export const A4 = "10.7.0.1" as IpAddress;
export const B4 = "10.7.0.2" as IpAddress;
export const A6 = "fd07::1" as IpAddress;
export const B6 = "fd07::2" as IpAddress;
const WAIT_MS = 30_000;
const FRR = "/run/frr";

export function buildBfdLab(): Promise<Lab> {
  const settings = {
    "net/ipv6/conf/all/disable_ipv6": "0",
    "net/ipv6/conf/default/disable_ipv6": "0",
    "net/ipv6/conf/all/accept_dad": "0",
    "net/ipv6/conf/default/accept_dad": "0",
    "net/ipv6/conf/eth0/accept_dad": "0",
  };
  const hosts = ["a", "b"].map((name, i) => ({
    name,
    settings,
    interfaces: [
      { name: "eth0", network: "lan", addresses: [`10.7.0.${i + 1}/24`, `fd07::${i + 1}/64`] },
    ],
  }));
  return Lab.build({ networks: ["lan"], hosts });
}

/** Nothing that the host sends leaves it, until the table `mute` is deleted. */
export async function mute(host: Host): Promise<void> {
  await host.shell(`nft add table inet mute
nft add chain inet mute out '{ type filter hook output priority 0; policy drop; }'`);
}

/** A session at 50 ms times 4 unless changed: quick, and not too quick for a busy machine. */
export function session(neighbor: IpAddress, changes: Partial<BfdSession> = {}): BfdSession {
  return {
    name: "peer",
    neighbor,
    minReceiveMs: 50,
    minTransmitMs: 50,
    idleTransmitMs: 1000,
    multiplier: 4,
    passive: false,
    hopsMax: 0,
    multihop: false,
    weight: 0,
    reverse: false,
    forVrrp: true,
    forCheckers: true,
    ...changes,
  };
}

/** Our VRRP process with BFD sessions. */
export class KeelsonBfd {
  readonly router: KeelsonRouter;
  #requests = 1000;

  private constructor(router: KeelsonRouter) {
    this.router = router;
  }

  static async start(
    host: Host,
    sessions: readonly BfdSession[],
    instances: readonly VrrpInstance[] = [],
  ): Promise<KeelsonBfd> {
    const router = new KeelsonBfd(await KeelsonRouter.start(host, []));
    await router.configure(sessions, instances);
    return router;
  }

  /** Sends a wish, and gives the changes that it caused. */
  async configure(
    bfdSessions: readonly BfdSession[],
    instances: readonly VrrpInstance[] = [],
  ): Promise<readonly string[]> {
    const requestId = ++this.#requests;
    const rest = { syncGroups: [], trackGroups: [], process: {} };
    const wish = { instances, bfdSessions, ...rest };
    this.router.send({ kind: "configure", requestId, wish });
    const answer = await this.router.until(
      () =>
        this.router.messages.find(
          (one) => one.kind === "configured" && one.requestId === requestId,
        ),
      "an answer to configure",
    );
    return answer.kind === "configured" ? answer.changes : [];
  }

  async report(): Promise<Extract<FromVrrp, { readonly kind: "report" }>> {
    return await this.router.report();
  }

  async status(): Promise<BfdSessionStatus> {
    const { bfdSessions = [] } = await this.report();
    return bfdSessions[0] ?? assert.fail("a report without BFD sessions");
  }

  /** Waits until the first session is as wished. */
  async until(
    what: string,
    holds: (status: BfdSessionStatus) => boolean,
  ): Promise<BfdSessionStatus> {
    let last: BfdSessionStatus | undefined;
    const look = async (): Promise<BfdSessionStatus | undefined> => {
      last = await this.status();
      return holds(last) ? last : undefined;
    };
    const seen = await waitFor(look, { timeoutMs: WAIT_MS, everyMs: 20 });
    return seen ?? assert.fail(`waited in vain until ${what}: ${JSON.stringify(last)}`);
  }

  /** News of sessions, in order. */
  get news(): readonly Extract<FromVrrp, { readonly kind: "bfd-session" }>[] {
    return this.router.messages.filter((one) => one.kind === "bfd-session");
  }
}

/** What FRR says of its peer, as far as tests look. */
export interface FrrPeer {
  readonly status: string;
  readonly diagnostic: string;
  readonly "remote-diagnostic": string;
  readonly "receive-interval": number;
  readonly "transmit-interval": number;
  readonly "remote-receive-interval": number;
  readonly "remote-transmit-interval": number;
  readonly "remote-detect-multiplier": number;
}

/** FRR's bfdd with one peer. */
export class FrrBfd {
  readonly bfdd: LabProcess;
  readonly #zebra: LabProcess;
  readonly #host: Host;

  private constructor(host: Host, zebra: LabProcess, bfdd: LabProcess) {
    this.#host = host;
    this.#zebra = zebra;
    this.bfdd = bfdd;
  }

  /** `peer` stands behind `peer` in its configuration, `settings` below it. */
  static async start(host: Host, peer: string, settings: readonly string[]): Promise<FrrBfd> {
    await host.shell(`mkdir -p ${FRR}; chmod 777 ${FRR}; rm -f ${FRR}/*`);
    host.writeFile(`${FRR}/zebra.conf`, "");
    const lines = [
      "bfd",
      ` peer ${peer}`,
      ...settings.map((one) => `  ${one}`),
      " exit",
      "exit",
      "",
    ];
    host.writeFile(`${FRR}/bfdd.conf`, lines.join("\n"));
    const common = ["-z", `${FRR}/zserv.api`, "--vty_socket", FRR, "-u", "frr", "-g", "frr"];
    const files = (name: string): readonly string[] => [
      ...["-i", `${FRR}/${name}.pid`, "-f", `${FRR}/${name}.conf`],
    ];
    const zebra = await host.start(["/usr/lib/frr/zebra", ...common, ...files("zebra")]);
    const listens = (): true | undefined =>
      existsSync(host.outside(`${FRR}/zserv.api`)) || undefined;
    const ready = await waitFor(listens, { timeoutMs: WAIT_MS, everyMs: 20 });
    assert.ok(ready, `zebra listens: ${zebra.output}`);
    const control = ["--bfdctl", `${FRR}/bfdd.sock`];
    const bfdd = await host.start(["/usr/lib/frr/bfdd", ...common, ...files("bfdd"), ...control]);
    return new FrrBfd(host, zebra, bfdd);
  }

  async command(...lines: readonly string[]): Promise<string> {
    const said = lines.flatMap((line) => ["-c", line]);
    const { stdout } = await this.#host.run(["vtysh", "--vty_socket", FRR, ...said]);
    return stdout;
  }

  async peer(): Promise<FrrPeer | undefined> {
    try {
      const peers = JSON.parse(await this.command("show bfd peers json")) as FrrPeer[];
      return peers[0];
    } catch {
      // Not yet listening.
      return undefined;
    }
  }

  async until(what: string, holds: (peer: FrrPeer) => boolean): Promise<FrrPeer> {
    let last: FrrPeer | undefined;
    const look = async (): Promise<FrrPeer | undefined> => {
      last = await this.peer();
      return last !== undefined && holds(last) ? last : undefined;
    };
    const seen = await waitFor(look, { timeoutMs: WAIT_MS, everyMs: 50 });
    return seen ?? assert.fail(`FRR: waited in vain until ${what}: ${JSON.stringify(last)}`);
  }

  async stop(): Promise<void> {
    await this.bfdd.killFamily();
    await this.#zebra.killFamily();
  }
}
