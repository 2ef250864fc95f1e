// L53: ip_family says something else than the address.

import { virtualServerWith } from "./example-texts.ts";
import { removeSetting } from "./propose-edits.ts";
import type { Configuration, Report, Rule } from "./rule.ts";
import { argumentSpan, nameSpan, writtenVirtualServers } from "./written-virtual-servers.ts";

export const familyOfAddress: Rule = {
  id: "L53",
  name: "family-of-address",
  severity: "error",
  scope: "file",
  check,
  title: "`ip_family` contradicts the address of the virtual server",
  explanation: [
    "The family of a virtual server with an address is that of the address. `ip_family` is for firewall marks, which",
    "have none. keepalived ignores one that contradicts, and says so.",
    "",
    "Remove it.",
  ].join("\n"),
  bad: [virtualServerWith("ip_family inet6")],
  good: [virtualServerWith("ip_family inet")],
  sources: ["https://www.keepalived.org/manpage.html"],
};

function check(configuration: Configuration, report: Report): void {
  for (const server of writtenVirtualServers(configuration)) {
    const setting = server.settings.get("ip_family");
    const family = setting?.values[0];
    if (setting === undefined || server.key.kind !== "address") continue;
    const own = server.key.address.includes(":") ? "inet6" : "inet";
    if ((family !== "inet" && family !== "inet6") || family === own) continue;
    report(argumentSpan(server, "ip_family"), {
      message: `the address of this virtual server is of \`${own}\``,
      related: [{ span: nameSpan(server), label: own }],
      effect: "`ip_family` is ignored",
      fix: "remove it",
      ...removeSetting(configuration, setting),
      stock: `Virtual server specified family ${family} conflicts with server family`,
    });
  }
}
