// L23: a firewall mark says everything that a protocol and a port could say.

import { spanAt } from "../keepalived/reading.ts";
import { virtualServerWith } from "./example-texts.ts";
import { removeSetting } from "./propose-edits.ts";
import type { Configuration, Report, Rule } from "./rule.ts";
import { stockRealServer, stockVirtualServer } from "./stock-names.ts";
import { nameSpan, writtenVirtualServers } from "./written-virtual-servers.ts";

export const markWithProtocolOrPort: Rule = {
  id: "L23",
  name: "mark-with-protocol-or-port",
  severity: "advice",
  scope: "file",
  check,
  title: "a virtual server of a firewall mark has no protocol and no ports",
  explanation: [
    "Which packets a `virtual_server fwmark` takes is decided where they are marked. Its `protocol` is ignored. With DR",
    "and TUN so is the port of a real server: packets keep theirs, whatever it is, and listings show port 0. The",
    "checks still connect to the port that is written.",
    "",
    "Leave both out, and name the port for a check with `connect_port`.",
  ].join("\n"),
  bad: [virtualServerWith("").replace("192.0.2.17 80", "fwmark 7")],
  good: [
    virtualServerWith("").replace("192.0.2.17 80", "fwmark 7").replace("    protocol TCP\n", ""),
  ],
  sources: ["https://github.com/acassen/keepalived/issues/1431"],
};

function check(configuration: Configuration, report: Report): void {
  for (const server of writtenVirtualServers(configuration)) {
    const marksOnly = server.hasGroupMarks && server.groupLines.length === 0;
    if (server.key.kind !== "fwmark" && !marksOnly) continue;
    const protocol = server.settings.get("protocol");
    const stock = stockVirtualServer(server);
    if (protocol !== undefined)
      report(spanAt(protocol.line, 0), {
        message: "the protocol of a firewall mark is what was marked",
        related: [{ span: nameSpan(server), label: "the mark" }],
        effect: "this line is ignored",
        fix: "remove it",
        ...removeSetting(configuration, protocol),
        stock: `Warning: Virtual server ${stock}: protocol specified for fwmark - protocol will be ignored`,
      });
    for (const real of server.realServers) {
      if (real.port === 0 || (real.forwarding !== "DR" && real.forwarding !== "TUN")) continue;
      report(spanAt(real.setting.line, 2), {
        message: `${real.forwarding} cannot change the port: marked packets keep theirs`,
        effect: "only checks use the port that is written",
        fix: "leave it out, and add `connect_port` to the check",
        stock: `WARNING - fwmark virtual server ${stock}, real server ${stockRealServer(real, server)} has port specified - clearing`,
      });
    }
  }
}
