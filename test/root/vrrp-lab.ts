// Three hosts on one segment for tests of the VRRP process: two routers and one onlooker. The
// routers run our process or the real keepalived.

import assert from "node:assert/strict";
import { connect, type Socket } from "node:net";
import { fileURLToPath } from "node:url";
import type { IpAddress } from "../../src/base/address.ts";
import type { FromVrrp, ToVrrp } from "../../src/daemon/vrrp-channel.ts";
import type { Host } from "../../src/lab/host.ts";
import { Lab } from "../../src/lab/lab.ts";
import type { LabProcess } from "../../src/lab/lab-process.ts";
import { waitFor } from "../../src/lab/waiting.ts";
import type { VrrpInstanceStatus } from "../../src/model/status.ts";
import type { VrrpInstance } from "../../src/model/vrrp-instance.ts";
import { wishOfInstances } from "../../src/model/vrrp-wish.ts";

export const VIP = "10.9.0.100" as IpAddress;
const SOCKET = "/run/vrrp.socket";
const WAIT_MS = 30_000;
const main = fileURLToPath(new URL("../../src/daemon/vrrp/vrrp-main.js", import.meta.url));

/** The flags with which the main process starts the VRRP process. */
export const NODE_FLAGS: readonly string[] = [
  "--max-semi-space-size=1",
  "--no-flush-bytecode",
  "--single-threaded-gc",
];

/** Undefined when namespaces can be made, else why not. */
export function whyNot(): string | undefined {
  return process.getuid?.() === 0 ? undefined : "needs root";
}

/** Routers `a` (10.9.0.1) and `b` (10.9.0.2), onlooker `c` (10.9.0.3). */
export function buildVrrpLab(): Promise<Lab> {
  const hosts = ["a", "b", "c"].map((name, i) => ({
    name,
    interfaces: [{ name: "eth0", network: "lan", addresses: [`10.9.0.${i + 1}/24`] }],
  }));
  return Lab.build({ networks: ["lan"], hosts });
}

/** An instance of version 3 at 100 ms unless changed. */
export function instance(changes: Partial<VrrpInstance> = {}): VrrpInstance {
  return {
    name: "VI_1",
    interface: "eth0",
    vrid: 51,
    version: 3,
    family: 4,
    initialState: "BACKUP",
    priority: 100,
    advertIntervalCs: 10,
    authentication: { type: "none" },
    preempt: true,
    preemptDelayMs: 0,
    multicastGroup: "224.0.0.18" as IpAddress,
    virtualAddresses: [{ address: VIP, prefixLength: 32 }],
    excludedAddresses: [],
    trackedScripts: [],
    trackedInterfaces: [],
    garp: { delayMs: 5000, repeat: 5, refreshMs: 0, refreshRepeat: 1 },
    ...changes,
  };
}

/** Whether the kernel of a host has the virtual address. */
export async function holds(host: Host, address: string = VIP): Promise<boolean> {
  return (await host.shell("ip -4 -o address show dev eth0")).includes(`inet ${address}/`);
}

/** Waits until a host has the virtual address, or has not. */
export async function untilHolding(
  host: Host,
  wanted = true,
  address: string = VIP,
): Promise<void> {
  const look = async (): Promise<true | undefined> =>
    (await holds(host, address)) === wanted ? true : undefined;
  const seen = await waitFor(look, { timeoutMs: WAIT_MS, everyMs: 20 });
  assert.ok(seen, `${host.name} ${wanted ? "never got" : "never gave up"} ${address}`);
}

/** Our VRRP process on a host, with a main process's end of its channel. */
export class KeelsonRouter {
  readonly host: Host;
  readonly process: LabProcess;
  readonly messages: FromVrrp[] = [];
  #socket: Socket | undefined;
  #requests = 0;

  private constructor(host: Host, process: LabProcess) {
    this.host = host;
    this.process = process;
  }

  /** Starts the process and hands it its instances. */
  static async start(
    host: Host,
    instances: readonly VrrpInstance[],
    options: { readonly arguments?: readonly string[]; readonly flags?: readonly string[] } = {},
  ): Promise<KeelsonRouter> {
    const flags = options.flags ?? NODE_FLAGS;
    const argv = [process.execPath, ...flags, main, "--socket", SOCKET];
    const running = await host.start([...argv, ...(options.arguments ?? [])]);
    const router = new KeelsonRouter(host, running);
    await router.connect();
    await router.configure(instances);
    return router;
  }

  /** Connects as a main process would; what it said to an earlier one is kept in `messages`. */
  async connect(): Promise<void> {
    this.disconnect();
    const hellos = this.#count("hello");
    const connected = await waitFor(() => this.#tryToConnect(), {
      timeoutMs: WAIT_MS,
      everyMs: 10,
    });
    assert.ok(connected, `no VRRP process on ${this.host.name}: ${this.process.output}`);
    await this.until(() => this.#count("hello") > hellos, "a hello");
  }

  disconnect(): void {
    this.#socket?.destroy();
    this.#socket = undefined;
  }

  send(request: ToVrrp): void {
    this.#socket?.write(`${JSON.stringify(request)}\n`);
  }

  /** Sends a configuration and returns the changes that it caused. */
  async configure(instances: readonly VrrpInstance[]): Promise<readonly string[]> {
    const requestId = ++this.#requests;
    this.send({ kind: "configure", requestId, wish: wishOfInstances(instances) });
    const answer = await this.until(
      () => this.messages.find((one) => one.kind === "configured" && one.requestId === requestId),
      "an answer to configure",
    );
    return answer.kind === "configured" ? answer.changes : [];
  }

  /** The whole report at this moment. */
  async report(): Promise<Extract<FromVrrp, { readonly kind: "report" }>> {
    const requestId = ++this.#requests;
    this.send({ kind: "report", requestId });
    const answer = await this.until(
      () => this.messages.find((one) => one.kind === "report" && one.requestId === requestId),
      "a report",
    );
    assert.ok(answer.kind === "report");
    return answer;
  }

  /** The status of the first instance. */
  async status(): Promise<VrrpInstanceStatus> {
    const { instances } = await this.report();
    return instances[0] ?? assert.fail("a report without instances");
  }

  /** Waits until the first instance is in a state. */
  async untilState(state: VrrpInstanceStatus["state"]): Promise<VrrpInstanceStatus> {
    const seen = await waitFor(
      async () => {
        const status = await this.status();
        return status.state === state ? status : undefined;
      },
      { timeoutMs: WAIT_MS, everyMs: 20 },
    );
    return seen ?? assert.fail(`${this.host.name} never became ${state}`);
  }

  /** Waits until `look` finds something among the messages. */
  async until<Value>(
    look: () => Value | undefined | false | Promise<Value | undefined | false>,
    what: string,
  ): Promise<Value> {
    const truth = async (): Promise<Value | undefined> => (await look()) || undefined;
    const found = await waitFor(truth, { timeoutMs: WAIT_MS, everyMs: 5 });
    return found ?? assert.fail(`${this.host.name}: waited in vain for ${what}`);
  }

  #count(kind: FromVrrp["kind"]): number {
    return this.messages.filter((message) => message.kind === kind).length;
  }

  #tryToConnect(): Promise<true | undefined> {
    return new Promise((resolve) => {
      const socket = connect(this.host.outside(SOCKET));
      socket.once("error", () => resolve(undefined));
      socket.once("connect", () => {
        this.#socket = socket;
        this.#listen(socket);
        resolve(true);
      });
    });
  }

  #listen(socket: Socket): void {
    let rest = "";
    socket.on("error", () => socket.destroy());
    socket.setEncoding("utf8");
    socket.on("data", (chunk: string) => {
      const lines = (rest + chunk).split("\n");
      rest = lines.pop() ?? "";
      for (const line of lines) this.messages.push(JSON.parse(line) as FromVrrp);
    });
  }
}

/** A keepalived.conf of the instance that `instance()` describes. */
export function printKeepalivedConf(wish: VrrpInstance): string {
  const seconds = wish.advertIntervalCs / 100;
  const { authentication } = wish;
  const auth =
    authentication.type === "PASS"
      ? ["authentication {", "auth_type PASS", `auth_pass ${authentication.password}`, "}"]
      : [];
  return [
    "global_defs {",
    `vrrp_version ${wish.version}`,
    "}",
    `vrrp_instance ${wish.name} {`,
    `state ${wish.initialState}`,
    `interface ${wish.interface}`,
    `virtual_router_id ${wish.vrid}`,
    `priority ${wish.priority}`,
    `advert_int ${seconds}`,
    ...auth,
    "virtual_ipaddress {",
    ...wish.virtualAddresses.map(({ address, prefixLength }) => `${address}/${prefixLength}`),
    "}",
    "}",
    "",
  ].join("\n");
}

/** The real keepalived on a host. Its messages go nowhere: writing them would delay its adverts. */
export async function startKeepalived(host: Host, wish: VrrpInstance): Promise<LabProcess> {
  await host.shell("rm -f /run/keepalived.pid /run/vrrp.pid");
  host.writeFile("/run/keepalived.conf", printKeepalivedConf(wish));
  const files = ["-f", "/run/keepalived.conf", "-p", "/run/keepalived.pid", "-r", "/run/vrrp.pid"];
  return host.start(["keepalived", "--vrrp", "--dont-fork", ...files]);
}

/** Ends a program and its children without a last word of any of them. */
export async function killSilently(running: LabProcess): Promise<void> {
  // keepalived's child would still say priority 0 when it sees its parent die: children go first.
  for (const pid of running.family().reverse()) process.kill(pid, "SIGKILL");
  await running.killFamily();
}
