// Keeping the kernel from answering what the engine forwards. Packet sockets see a frame before
// netfilter does, so one chain at the very start drops what the balancer takes: packets to virtual
// services, and packets from NAT real servers that are not for this machine itself.

import { spawn } from "node:child_process";
import { fail, ok, type Result } from "../../base/result.ts";
import type { BalancerTable } from "../../model/balancer-table.ts";
import type { EngineFault } from "../../world/engine.ts";

const TABLE = "inet keelson_model";
const NFT_TIMEOUT_MS = 10_000;
/** Where `nft` is, which an ordinary user's PATH does not always say. */
const SYSTEM_DIRECTORIES = "/usr/local/sbin:/usr/sbin:/sbin";

/** Runs `nft` with a script on its standard input. */
export type RunNft = (
  args: readonly string[],
  script: string,
) => Promise<Result<void, EngineFault>>;

/** The chain that drops, kept in step with the balancer's table. */
export class KernelSilence {
  readonly #run: RunNft;
  #inForce = "";
  /** Transactions are made one after the other: the last wish must win. */
  #last: Promise<unknown> = Promise.resolve();

  constructor(run: RunNft = runNft) {
    this.#run = run;
  }

  /** Installs the rules for `table` in one transaction, unless they are in force. */
  follow(table: BalancerTable): Promise<Result<void, EngineFault>> {
    const script = renderSilence(table);
    return this.#inTurn(async () => {
      if (script === this.#inForce) return ok(undefined);
      const done = await this.#run(["-f", "-"], script);
      if (done.ok) this.#inForce = script;
      return done;
    });
  }

  /** True while the kernel has the rules. */
  async isInForce(): Promise<boolean> {
    return (await this.#run(["-t", "list", "table", ...TABLE.split(" ")], "")).ok;
  }

  /** Installs the rules again, whatever was done to them. */
  restore(): Promise<Result<void, EngineFault>> {
    return this.#inTurn(() => this.#run(["-f", "-"], this.#inForce));
  }

  /** Gives the packets back to the kernel. */
  lift(): Promise<Result<void, EngineFault>> {
    return this.#inTurn(() => {
      this.#inForce = "";
      return this.#run(["-f", "-"], `table ${TABLE} {}\ndelete table ${TABLE}\n`);
    });
  }

  #inTurn(
    transaction: () => Promise<Result<void, EngineFault>>,
  ): Promise<Result<void, EngineFault>> {
    const done = this.#last.then(transaction);
    this.#last = done;
    return done;
  }
}

/** The nft script that replaces the whole table. Only IPv4 services are the engine's. */
export function renderSilence(table: BalancerTable): string {
  const services: string[] = [];
  const wholeAddresses: string[] = [];
  const realServers: string[] = [];
  const wholeRealServers: string[] = [];
  for (const { key, destinations } of table.services) {
    if (key.kind !== "address" || key.address.includes(":")) continue;
    const protocol = key.protocol.toLowerCase();
    if (key.port === 0) wholeAddresses.push(`${key.address} . ${protocol}`);
    else services.push(`${key.address} . ${protocol} . ${key.port}`);
    for (const { address, port, forwarding } of destinations) {
      if (forwarding !== "NAT") continue;
      if (port === 0) wholeRealServers.push(`${address} . ${protocol}`);
      else realServers.push(`${address} . ${protocol} . ${port}`);
    }
  }
  const exact = "ipv4_addr . inet_proto . inet_service";
  const whole = "ipv4_addr . inet_proto";
  return [
    `table ${TABLE} {}`,
    `delete table ${TABLE}`,
    `table ${TABLE} {`,
    renderSet("services", exact, services),
    renderSet("whole_addresses", whole, wholeAddresses),
    renderSet("real_servers", exact, realServers),
    renderSet("whole_real_servers", whole, wholeRealServers),
    "  chain taken {",
    "    type filter hook prerouting priority -450; policy accept;",
    "    iif lo accept",
    "    meta pkttype != host accept",
    "    ip daddr . meta l4proto . th dport @services drop",
    "    ip daddr . meta l4proto @whole_addresses drop",
    "    ip saddr . meta l4proto . th sport @real_servers fib daddr type != local drop",
    "    ip saddr . meta l4proto @whole_real_servers fib daddr type != local drop",
    "  }",
    "}",
    "",
  ].join("\n");
}

function renderSet(name: string, type: string, elements: readonly string[]): string {
  const unique = [...new Set(elements)];
  const list = unique.length === 0 ? "" : ` elements = { ${unique.join(", ")} };`;
  return `  set ${name} { type ${type};${list} }`;
}

/** Spawns `nft`; it is needed only when the table changes. */
const runNft: RunNft = (args, script) =>
  new Promise((resolve) => {
    const child = spawn("nft", [...args], {
      stdio: ["pipe", "ignore", "pipe"],
      timeout: NFT_TIMEOUT_MS,
      env: { ...process.env, PATH: `${process.env["PATH"] ?? ""}:${SYSTEM_DIRECTORIES}` },
    });
    let complaint = "";
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      complaint += text;
    });
    const refuse = (text: string): void => resolve(fail({ kind: "unavailable", text }));
    child.on("error", (error) => refuse(`nft cannot be run: ${error.message}`));
    child.on("close", (code) => {
      if (code === 0) resolve(ok(undefined));
      else refuse(`nft refused: ${complaint.trim().split("\n")[0] ?? `status ${code}`}`);
    });
    // A child that ends before it has read everything is reported by its status.
    child.stdin.on("error", () => {});
    child.stdin.end(script);
  });
