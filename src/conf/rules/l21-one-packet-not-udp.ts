// L21: one-packet scheduling is for UDP.

import { virtualServerWith } from "./example-texts.ts";
import { removeSetting } from "./propose-edits.ts";
import type { Configuration, Report, Rule } from "./rule.ts";
import { stockVirtualServer } from "./stock-names.ts";
import { keywordSpan, writtenVirtualServers } from "./written-virtual-servers.ts";

export const onePacketNotUdp: Rule = {
  id: "L21",
  name: "one-packet-not-udp",
  severity: "error",
  scope: "file",
  check,
  title: "`ops` works with UDP only",
  explanation: [
    "`ops` schedules every datagram on its own, as if each were a connection. A TCP or SCTP connection consists of many",
    "packets that must reach the same server; keepalived and Keelson ignore the keyword there.",
    "",
    "Remove it, or write `protocol UDP` when the service is one.",
  ].join("\n"),
  bad: [virtualServerWith("ops")],
  good: [
    virtualServerWith("ops")
      .replace("protocol TCP", "protocol UDP")
      .replace("connect_timeout 3", "connect_port 8080"),
  ],
  sources: ["https://www.keepalived.org/manpage.html"],
};

function check(configuration: Configuration, report: Report): void {
  for (const server of writtenVirtualServers(configuration)) {
    const setting = server.settings.get("ops");
    const { protocol } = server;
    if (setting === undefined || protocol === undefined || protocol === "UDP") continue;
    if (server.key.kind === "fwmark") continue;
    report(keywordSpan(server, "ops"), {
      message: `\`ops\` works with UDP, not with ${protocol}`,
      related: [{ span: keywordSpan(server, "protocol"), label: "what clients use" }],
      effect: "it is ignored",
      fix: "remove it",
      ...removeSetting(configuration, setting),
      stock: `Virtual server ${stockVirtualServer(server)}: one packet scheduling requires UDP - resetting`,
    });
  }
}
