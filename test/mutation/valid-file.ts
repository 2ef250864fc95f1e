// A file in which every block and every kind of object stands, so that any keyword can be put into it and be right.

import type { BlockSpec, KeywordSpec } from "../../src/conf/keepalived/table/keyword-spec.ts";

/** A block of the file: its line without brace, and what stands inside. */
interface Block {
  readonly path: string;
  readonly head: string;
  readonly body: readonly (string | Block)[];
}

function block(path: string, head: string, ...body: (string | Block)[]): Block {
  return { path, head, body };
}

/** Lines of values; no keyword is ever put into them. */
function values(head: string, ...lines: string[]): Block {
  return block("", head, ...lines);
}

const realServer = "virtual_server/real_server";

function check(name: string, ...body: (string | Block)[]): Block {
  return block(`${realServer}/${name}`, name, ...body);
}

function web(name: string, ...body: string[]): Block {
  return check(
    name,
    ...body,
    block(`${realServer}/${name}/url`, "url", "path /", "status_code 200"),
  );
}

function instance(name: string, path: string, vrid: number): Block {
  return block(
    path,
    `vrrp_instance ${name}`,
    "state BACKUP",
    "interface eth0",
    `virtual_router_id ${vrid}`,
    "priority 150",
    "advert_int 1",
    "garp_master_refresh 60",
    "accept",
    values("virtual_ipaddress", `192.0.2.${vrid}/24`),
  );
}

const hmacKey = "k".repeat(40);

const file: Block = block(
  "/",
  "",
  block(
    "global_defs",
    "global_defs",
    "router_id lb1",
    "enable_script_security",
    "script_user nobody",
  ),
  block(
    "vrrp_script",
    "vrrp_script chk",
    'script "/usr/bin/test -e /run/service"',
    "interval 2",
    "timeout 1",
    "rise 2",
    "fall 2",
  ),
  block("track_file", "track_file tf", "file /run/tf"),
  block("vrrp_track_file", "vrrp_track_file oldtf", "file /run/oldtf"),
  block("vrrp_track_process", "vrrp_track_process proc", "process nginx"),
  block("bfd_instance", "bfd_instance bfd1", "neighbor_ip 192.0.2.99"),
  block("track_group", "track_group tg", values("group", "VI_1")),
  block("garp_group", "garp_group", "interface eth0"),
  block("SSL", "SSL"),
  block("witness", "witness w1", "ping 192.0.2.98"),
  values("virtual_server_group grp", "192.0.2.60 80"),
  {
    ...instance("VI_1", "vrrp_instance", 17),
    body: [
      ...instance("VI_1", "vrrp_instance", 17).body,
      block(
        "vrrp_instance/authentication",
        "authentication",
        "auth_type PASS",
        "auth_pass geheim12",
      ),
      values("track_script", "chk"),
    ],
  },
  {
    ...instance("VI_2", "", 18),
    body: [
      ...instance("VI_2", "", 18).body,
      block("vrrp_instance/auth_hmac", "auth_hmac", `key 1 ${hmacKey}`, "active_key 1"),
    ],
  },
  instance("VI_3", "", 19),
  block("vrrp_sync_group", "vrrp_sync_group G1", values("group", "VI_2", "VI_3")),
  block(
    "virtual_server",
    "virtual_server 192.0.2.17 80",
    "delay_loop 5",
    "lb_algo rr",
    "lb_kind NAT",
    "protocol TCP",
    block(
      realServer,
      "real_server 192.0.2.101 80",
      "weight 1",
      check("TCP_CHECK", "connect_timeout 3"),
      web("HTTP_GET"),
      web("SSL_GET", "connect_port 443"),
      check("MISC_CHECK", 'misc_path "/usr/bin/test -e /run/service"'),
      check("SMTP_CHECK", block(`${realServer}/SMTP_CHECK/host`, "host")),
      check("DNS_CHECK", "type SOA", "name example.com"),
      check("UDP_CHECK"),
      check("PING_CHECK"),
      check("FILE_CHECK", "track_file tf"),
      check("BFD_CHECK", "name bfd1"),
    ),
    block(
      "",
      "real_server 192.0.2.102 80",
      "weight 1",
      block("", "TCP_CHECK", "connect_timeout 3"),
    ),
  ),
  block(
    "",
    "virtual_server group grp",
    "delay_loop 5",
    "lb_algo rr",
    "lb_kind NAT",
    "protocol TCP",
    block("", "real_server 192.0.2.102 80", "weight 1", block("", "TCP_CHECK", "retry 2")),
  ),
);

/** A file with some lines of interest. */
export interface MadeFile {
  readonly text: string;
  /** The line of the file, from 1 on, on which the first of the lines of interest stands. */
  readonly line: number;
}

/** Lines to put into a block; lines inside a block of values are indented with it. */
export interface Insertion {
  readonly path: string;
  /** Lines in front that they need. */
  readonly before: readonly string[];
  readonly lines: readonly string[];
  /** Keywords of the block whose lines leave, so that none stands twice. */
  readonly instead: ReadonlySet<string>;
}

/** The file with `insertion` at the end of its block. */
export function fileWith(insertion: Insertion): MadeFile {
  const out: string[] = [];
  let line = 0;
  const print = (part: string | Block, indent: string): void => {
    if (typeof part === "string") {
      out.push(indent + part);
      return;
    }
    const inner = part.path === "/" ? indent : `${indent}    `;
    const ours = part.path === insertion.path;
    if (part.path !== "/") out.push(`${indent}${part.head} {`);
    // Blocks of the file are defined before they are used, options of a block stand behind what they belong to.
    const first = ours && part.path === "/";
    const insert = (): void => {
      for (const text of insertion.before) out.push(inner + text);
      line = out.length + 1;
      for (const text of insertion.lines) out.push(inner + text);
    };
    if (first) insert();
    for (const child of part.body)
      if (!ours || !insertion.instead.has(keywordOfPart(child))) print(child, inner);
    if (ours && !first) insert();
    if (part.path !== "/") out.push(`${indent}}`);
  };
  print(file, "");
  return { text: `${out.join("\n")}\n`, line };
}

function keywordOfPart(part: string | Block): string {
  const text = typeof part === "string" ? part : part.head;
  return text.split(" ")[0] ?? "";
}

/** The lines inside a block of keywords that stands in the file, for a new one of its kind. */
export function bodyOf(spec: BlockSpec): readonly string[] {
  const found = find(file, spec.path);
  const out: string[] = [];
  const print = (part: string | Block, indent: string): void => {
    if (typeof part === "string") {
      out.push(indent + part);
      return;
    }
    out.push(`${indent}${part.head} {`);
    for (const child of part.body) print(child, `${indent}    `);
    out.push(`${indent}}`);
  };
  for (const child of found?.body ?? []) print(child, "    ");
  return out;
}

function find(part: Block, path: string): Block | undefined {
  if (part.path === path) return part;
  for (const child of part.body) {
    const found = typeof child === "string" ? undefined : find(child, path);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** Keywords whose lines must leave the block for one of `keyword`. */
export function excludedBy(block: BlockSpec, keyword: KeywordSpec): ReadonlySet<string> {
  const canonical = keyword.sameAs ?? keyword.name;
  return new Set(
    block.keywords
      .filter((other) => (other.sameAs ?? other.name) === canonical)
      .map(({ name }) => name),
  );
}
