// Ways for TCP from the client to the web server: ours, and what one would use else.

import type { ForwardingMethod } from "../../src/model/virtual-server.ts";
import { loadObject, Path, port, realAddress, virtualAddress } from "./lab.ts";
import { keelsonPath } from "./paths.ts";

/** A program that carries connections itself. */
interface Proxy {
  readonly command: string;
  options(file: string): readonly string[];
  /** `name` is a file of its own for its pid and the like. */
  configuration(name: string): string;
}

/** A way with its namespaces. */
export interface TcpPath {
  readonly name: string;
  readonly path: Path;
  /** What the client connects to. */
  readonly target: string;
  readonly proxy?: Proxy;
  close(): Promise<void>;
}

const closing =
  (path: Path): (() => Promise<void>) =>
  () =>
    Promise.resolve(path.close());

/** Ends that know each other's way, with checksums on the wire as behind a NIC: native XDP sees no others. */
function prepareEnds(path: Path): void {
  path.in("cl", "ethtool", "-K", "c0", "tx", "off");
  path.in("rs", "ethtool", "-K", "r0", "tx", "off");
  const director = ["lladdr", path.mac("di", "d0"), "dev", "c0"];
  path.in("cl", "ip", "neigh", "replace", virtualAddress, ...director);
  path.in("cl", "ip", "route", "add", "default", "via", "10.8.0.1");
  path.in("rs", "ip", "route", "add", "default", "via", "10.9.0.1");
}

/** Our engine. With DR the real server has the address, too, and answers by the client's own network. */
export async function keelsonTcpPath(forwarding: ForwardingMethod): Promise<TcpPath> {
  const { path, close } = await keelsonPath(forwarding, { protocol: "TCP" });
  const passOn = loadObject("sink", { ".rodata.settings": new Uint8Array(32) }).programs["pass_on"];
  path.attachXdp("cl", "c0", passOn ?? -1);
  path.attachXdp("rs", "r0", passOn ?? -1);
  prepareEnds(path);
  if (forwarding === "DR")
    path.in("rs", "ip", "address", "add", `${virtualAddress}/32`, "dev", "lo");
  return { name: `keelson ${forwarding}`, path, target: virtualAddress, close };
}

/** No director: the kernel routes. */
export function directTcpPath(): TcpPath {
  const path = new Path("tfw");
  prepareEnds(path);
  return { name: "kernel forwarding", path, target: realAddress, close: closing(path) };
}

/** nftables turns the destination over, with conntrack. */
export function nftablesTcpPath(): TcpPath {
  const path = new Path("tnf");
  prepareEnds(path);
  const rule = `ip daddr ${virtualAddress} tcp dport ${port} dnat to numgen inc mod 2 map { 0 : ${realAddress}, 1 : 10.9.0.3 }`;
  path.in(
    "di",
    "nft",
    `table ip lb { chain in { type nat hook prerouting priority dstnat; ${rule}; }; }`,
  );
  return { name: "nftables DNAT", path, target: virtualAddress, close: closing(path) };
}

const proxies: Readonly<Record<"haproxy" | "nginx", Proxy & { readonly title: string }>> = {
  haproxy: {
    title: "HAProxy, mode tcp",
    command: "haproxy",
    options: (file) => ["-db", "-f", file],
    configuration: () => `global
  nbthread 1
  maxconn 9000
defaults
  mode tcp
  timeout connect 5s
  timeout client 30s
  timeout server 30s
listen lb
  bind ${virtualAddress}:${port}
  server one ${realAddress}:${port}
  server two 10.9.0.3:${port}
`,
  },
  nginx: {
    title: "nginx stream",
    command: "nginx",
    options: (file) => ["-c", file],
    configuration: (name) => `load_module /usr/lib/nginx/modules/ngx_stream_module.so;
daemon off; worker_processes 1; pid ${name}.pid; error_log /dev/null;
events { worker_connections 10000; }
stream {
  upstream web { server ${realAddress}:${port}; server 10.9.0.3:${port}; }
  server { listen ${virtualAddress}:${port} backlog=4096; proxy_pass web; }
}
`,
  },
};

/** A proxy on the director. */
export function proxyPath(which: "haproxy" | "nginx"): TcpPath {
  const path = new Path(`t${which.slice(0, 2)}`);
  prepareEnds(path);
  path.in("di", "ip", "address", "add", `${virtualAddress}/32`, "dev", "lo");
  const { title, ...proxy } = proxies[which];
  return { name: title, path, target: virtualAddress, proxy, close: closing(path) };
}
