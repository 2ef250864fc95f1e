// Whole TCP connections: a client opens one for each request to a web server behind the director. All on
// one core, ends included, so that connections a second tell what the director adds.

import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { type Path, port } from "./lab.ts";
import { median, type Row } from "./rows.ts";
import {
  directTcpPath,
  keelsonTcpPath,
  nftablesTcpPath,
  proxyPath,
  type TcpPath,
} from "./tcp-paths.ts";

const rounds = 5;
const seconds = 2;
const clients = 32;

/** One row for each of our forwarding methods, and one for requests on connections that stay. */
export async function connectionRows(): Promise<Row[]> {
  const folder = mkdtempSync(join(tmpdir(), "keelson-bench-"));
  const running: ChildProcess[] = [];
  const paths: TcpPath[] = [];
  try {
    paths.push(await keelsonTcpPath("NAT"), await keelsonTcpPath("DR"), directTcpPath());
    paths.push(nftablesTcpPath(), proxyPath("haproxy"), proxyPath("nginx"));
    for (const one of paths) running.push(...(await startEnds(one, folder)));
    const figures = new Map(
      paths.map(({ name }) => [name, { fresh: [] as number[], kept: [] as number[] }]),
    );
    for (let round = 0; round < rounds; round++)
      for (const one of paths) {
        figures.get(one.name)?.fresh.push(requestsPerSecond(one, true));
        figures.get(one.name)?.kept.push(requestsPerSecond(one, false));
      }
    return report(figures);
  } finally {
    for (const child of running) child.kill("SIGKILL");
    for (const one of paths) await one.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The web server of a path, and the proxy where it has one. */
async function startEnds(one: TcpPath, folder: string): Promise<ChildProcess[]> {
  const { path, name, proxy } = one;
  const file = join(folder, `${path.prefix}.conf`);
  writeFileSync(file, webServer(folder, path));
  const children = [start(path, "rs", "nginx", "-c", file)];
  if (proxy !== undefined) {
    const proxyFile = join(folder, `${path.prefix}proxy.conf`);
    writeFileSync(proxyFile, proxy.configuration(join(folder, `${path.prefix}proxy`)));
    children.push(start(path, "di", proxy.command, ...proxy.options(proxyFile)));
  }
  for (let look = 0; look < 100; look++) {
    if (answers(one)) return children;
    await sleep(100);
  }
  throw new Error(`${name}: no answer`);
}

function start(path: Path, host: string, command: string, ...args: string[]): ChildProcess {
  const net = `--net=/run/netns/${path.prefix}${host}`;
  return spawn("nsenter", [net, command, ...args], { stdio: "ignore" });
}

function webServer(folder: string, { prefix }: Path): string {
  return `daemon off; worker_processes 1; pid ${folder}/${prefix}.pid; error_log /dev/null;
events { worker_connections 4096; }
http { access_log off; keepalive_requests 1000000;
  server { listen 80 backlog=4096; location / { return 200 "ok"; } } }
`;
}

function url({ target }: TcpPath): string {
  return `http://${target}:${port}/`;
}

function answers(one: TcpPath): boolean {
  try {
    return one.path.in("cl", "curl", "-s", "-m", "1", url(one)).trim() === "ok";
  } catch {
    return false;
  }
}

function requestsPerSecond(one: TcpPath, fresh: boolean): number {
  const close = fresh ? ["-H", "Connection: close"] : [];
  const net = `--net=/run/netns/${one.path.prefix}cl`;
  const load = ["wrk", "-t", "1", "-c", String(clients), "-d", `${seconds}s`, ...close, url(one)];
  const text = execFileSync("nsenter", [net, ...load], { encoding: "utf8" });
  return Number(/^Requests\/sec:\s+([\d.]+)$/m.exec(text)?.[1] ?? 0);
}

type Rates = { readonly fresh: number[]; readonly kept: number[] };

function report(figures: ReadonlyMap<string, Rates>): Row[] {
  console.log(`\nTCP to a web server, ${clients} clients, everything on one core, a second:`);
  console.log(`${"".padEnd(20)}${"new connections".padStart(18)}${"requests".padStart(12)}`);
  for (const [name, { fresh, kept }] of figures)
    console.log(
      `${name.padEnd(20)}${median(fresh).toFixed(0).padStart(18)}${median(kept).toFixed(0).padStart(12)}`,
    );
  return [...figures.keys()]
    .filter((name) => name.startsWith("keelson"))
    .flatMap((name) => [
      row(figures, name, "fresh", "new TCP connections", "connections/s"),
      row(figures, name, "kept", "requests on connections that stay", "requests/s"),
    ]);
}

function row(
  figures: ReadonlyMap<string, Rates>,
  name: string,
  which: keyof Rates,
  metric: string,
  unit: string,
): Row {
  const value = (other: string): number => Math.round(median(figures.get(other)?.[which] ?? []));
  const peers = [...figures.keys()].filter((other) => !other.startsWith("keelson"));
  return {
    case: `TCP through ${name.replace("keelson ", "")}`,
    metric,
    unit,
    keelson: value(name),
    peers: Object.fromEntries(peers.map((other) => [other, value(other)])),
  };
}
