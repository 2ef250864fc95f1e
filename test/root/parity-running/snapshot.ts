// What a host looks like at a moment: addresses, routes, rules, links and kernel settings, as lines.

import type { Host } from "../../../src/lab/host.ts";

const MARK = "@@@";
const PROGRAM = [
  "ip -j -d address",
  "ip -j route show table all",
  "ip -6 -j route show table all",
  "ip -j rule",
  "ip -6 -j rule",
  "cd /proc/sys/net; grep -rs . ipv4/conf ipv6/conf || true",
].join(`\necho; echo '${MARK}'\n`);

type Json = Readonly<Record<string, unknown>>;

/** Takes the picture: one line for each fact. */
export async function takeSnapshot(host: Host): Promise<readonly string[]> {
  const [links, routes4, routes6, rules4, rules6, settings] = (await host.shell(PROGRAM)).split(
    MARK,
  );
  return [
    ...parse(links).flatMap(linesOfLink),
    ...parse(routes4).map((route) => `route ${print(route, routeOmitted)}`),
    ...parse(routes6).map((route) => `route6 ${print(route, routeOmitted)}`),
    ...parse(rules4).map((rule) => `rule ${print(rule, [])}`),
    ...parse(rules6).map((rule) => `rule6 ${print(rule, [])}`),
    ...(settings ?? "")
      .trim()
      .split("\n")
      .filter((line) => !line.includes("stable_secret"))
      .map((line) => `setting ${line}`),
  ];
}

/** Of routes, what the kernel counts down or counts. */
const routeOmitted = ["expires", "hoplimit_jiffies", "used", "age"];
const addressOmitted = ["dynamic", "valid_life_time", "preferred_life_time", "index"];

function parse(text: string | undefined): readonly Json[] {
  const trimmed = (text ?? "").trim();
  return trimmed === "" ? [] : (JSON.parse(trimmed) as readonly Json[]);
}

function print(object: Json, omitted: readonly string[]): string {
  return Object.entries(object)
    .filter(([key]) => !omitted.includes(key))
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, value]) => {
      const sorted = Array.isArray(value) && value.every((one) => typeof one === "string");
      return `${key}=${JSON.stringify(sorted ? value.toSorted() : value)}`;
    })
    .join(" ");
}

function linesOfLink(link: Json): readonly string[] {
  const name = String(link["ifname"] ?? "");
  if (name === "") return [];
  const info = (link["linkinfo"] ?? {}) as Json;
  const facts: Json = {
    kind: info["info_kind"],
    data: info["info_kind"] === "veth" ? undefined : info["info_data"],
    base: link["link"],
    address: link["address"],
    mtu: link["mtu"],
    flags: link["flags"],
    state: link["operstate"],
    mode: link["inet6_addr_gen_mode"],
    master: link["master"],
    group: link["group"],
  };
  const addresses = (link["addr_info"] ?? []) as readonly Json[];
  return [
    `link ${name} ${print(facts, [])}`,
    ...addresses
      .filter((one) => one["local"] !== undefined)
      .map((one) => `address ${name} ${print(one, addressOmitted)}`),
  ];
}
