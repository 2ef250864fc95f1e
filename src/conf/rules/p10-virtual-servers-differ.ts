// One virtual server with different settings.

import type { Setting } from "../keepalived/section.ts";
import { virtualServerWith } from "./example-texts.ts";
import type { Configuration, Report, Rule } from "./rule.ts";
import { type ServerPart, sharedServersOf } from "./shared-virtual-servers.ts";
import { keywordSpan, writtenName } from "./written-virtual-servers.ts";

const low = (text: string): string => text.replace("priority 100", "priority 90");

/** What clients notice after a failover, and what counts when it is not written. */
const compared: Readonly<Record<string, string>> = {
  lvs_sched: "wlc",
  lvs_method: "NAT",
  persistence_timeout: "0",
  persistence_granularity: "",
  persistence_engine: "",
  ops: "",
  "flag-1": "",
  "flag-2": "",
  "flag-3": "",
  hashed: "",
  "sh-port": "",
  "sh-fallback": "",
  "mh-port": "",
  "mh-fallback": "",
  quorum: "1",
  hysteresis: "0",
  sorry_server: "",
  inhibit_on_failure: "",
  weight: "1",
};

export const virtualServersDiffer: Rule = {
  id: "P10",
  name: "virtual-servers-differ",
  severity: "warning",
  scope: "pair",
  check,
  title: "a virtual server has different settings on the nodes",
  explanation: [
    "Nodes with different schedulers, methods or persistence give clients another service after each",
    "failover: sessions go to other real servers, or the packets take a way for which the real servers are",
    "not set up (NAT wants a route back, DR the address on the real server).",
    "",
    "Write the same settings on all nodes, best in a file that all of them include.",
  ].join("\n"),
  bad: [
    [virtualServerWith(""), low(virtualServerWith("")).replace("lb_algo rr", "lb_algo wrr")],
    [virtualServerWith("persistence_timeout 60"), low(virtualServerWith(""))],
  ],
  good: [[virtualServerWith(""), low(virtualServerWith("quorum 1"))]],
  sources: ["https://www.keepalived.org/manpage.html"],
};

function check(nodes: readonly Configuration[], report: Report): void {
  for (const [first, part] of sharedServersOf(nodes))
    for (const [keyword, standard] of Object.entries(compared))
      compare(keyword, standard, [first, part], report);
}

function compare(
  keyword: string,
  standard: string,
  [first, part]: readonly [ServerPart, ServerPart],
  report: Report,
): void {
  const settings = [part, first].map(({ server }) => server.settings.get(keyword));
  const [here, there] = settings.map((setting) => textOf(setting, standard));
  if (here === there || here === undefined || there === undefined) return;
  const written = settings.find((setting) => setting !== undefined)?.spec.name ?? keyword;
  report(keywordSpan(part.server, keyword), {
    message: `\`${written}\` of ${writtenName(part.server)} differs between ${first.nodeName} and ${part.nodeName}`,
    label: `${said(written, settings[0], here)} on ${part.nodeName}`,
    related: [
      {
        span: keywordSpan(first.server, keyword),
        label: `${said(written, settings[1], there)} on ${first.nodeName}`,
      },
    ],
    effect: "clients get another service after a failover",
    fix: "write the same on all nodes",
  });
}

/** Undefined when a word cannot be read: what it means is not known. */
function textOf(setting: Setting | undefined, standard: string): string | undefined {
  if (setting === undefined) return standard;
  if (setting.spec.arguments.length === 0) return "on";
  if (setting.values.some((value) => value === undefined)) return undefined;
  return setting.values.length === 0 ? "on" : setting.values.join(" ");
}

function said(keyword: string, setting: Setting | undefined, text: string): string {
  if (setting !== undefined) return text === "on" ? `\`${keyword}\`` : `\`${keyword} ${text}\``;
  return text === "" ? "none" : `none, which is ${text},`;
}
