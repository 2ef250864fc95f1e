// L56: options of FULLNAT that cannot go with what they stand at.

import { familyOf } from "../../base/address.ts";
import { spanAt } from "../keepalived/reading.ts";
import type { Setting } from "../keepalived/section.ts";
import { virtualServerWith } from "./example-texts.ts";
import type { Configuration, Report, Rule } from "./rule.ts";
import { type WrittenVirtualServer, writtenVirtualServers } from "./written-virtual-servers.ts";

const fullNat = (options: string): string =>
  virtualServerWith("").replace("lb_kind NAT", `lb_kind FULLNAT ${options}`);

export const unfitFullNat: Rule = {
  id: "L56",
  name: "unfit-fullnat",
  severity: "error",
  scope: "file",
  check,
  title: "a `source` or `client` of FULLNAT cannot go with its servers",
  explanation: [
    "With FULLNAT the director speaks to a real server from an address of its own. A `source` of the other family can",
    "never reach the server, and the data plane refuses the server. `client tcp-option` and `client proxy-protocol` put",
    "the client's address at the beginning of a TCP connection; with UDP and SCTP there is nowhere to put it.",
    "",
    "A `source` should be an address that this director keeps while it forwards: its own one on the way to the servers,",
    "or a virtual address of the same VRRP instance. Without `source` the address is taken that the route prefers.",
  ].join("\n"),
  bad: [
    fullNat("source 2001:db8::1"),
    fullNat("client tcp-option").replace("protocol TCP", "protocol UDP"),
  ],
  good: [fullNat("source 198.51.100.254 client proxy-protocol"), fullNat("")],
  sources: [],
};

function check(configuration: Configuration, report: Report): void {
  for (const server of writtenVirtualServers(configuration)) {
    const shared = server.settings.get("lb_kind") ?? server.settings.get("lvs_method");
    judge(server, shared, report);
    for (const real of server.realServers)
      for (const setting of real.section.settings)
        if (setting.spec.name === "lvs_method" || setting.spec.name === "lb_kind")
          judge(server, setting, report);
    judge(server, server.settings.get("sorry_server_lvs_method"), report);
  }
}

function judge(server: WrittenVirtualServer, setting: Setting | undefined, report: Report): void {
  if (setting?.values[0] !== "FULLNAT") return;
  const { line, options = [] } = setting;
  const families = new Set(server.realServers.map(({ address }) => familyOf(address)));
  for (const { name, values, wordIndex } of options) {
    const [value] = values;
    if (name === "source" && typeof value === "string") {
      const family = value.includes(":") ? 6 : 4;
      if (families.size === 0 || families.has(family)) continue;
      report(spanAt(line, wordIndex + 1), {
        message: `the servers are reached by IPv${family === 4 ? 6 : 4}: ${value} cannot speak to them`,
        effect: "the data plane refuses the servers",
        fix: "write an address of the servers' family, or leave `source` out",
      });
    }
    if (name === "client" && server.key.kind !== "fwmark" && server.protocol !== "TCP")
      report(spanAt(line, wordIndex), {
        message: `the client's address can be told with TCP only, not with ${server.protocol ?? "UDP"}`,
        effect: "the real servers do not learn it",
        fix: "remove it",
      });
  }
}
