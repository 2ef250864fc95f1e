// L17: a TCP connection to the port of a UDP service.

import { spanAt } from "../keepalived/reading.ts";
import { settingOf } from "../keepalived/section.ts";
import { virtualServerWith } from "./example-texts.ts";
import type { Configuration, Report, Rule } from "./rule.ts";
import { keywordSpan, writtenVirtualServers } from "./written-virtual-servers.ts";

const streamChecks: ReadonlySet<string> = new Set([
  "TCP_CHECK",
  "HTTP_GET",
  "SSL_GET",
  "SMTP_CHECK",
]);

export const streamCheckOfDatagramService: Rule = {
  id: "L17",
  name: "stream-check-of-datagram-service",
  severity: "warning",
  scope: "file",
  check,
  title: "a UDP service is checked with a TCP connection to the same port number",
  explanation: [
    "TCP and UDP ports with one number have nothing to do with each other. A `TCP_CHECK` of a UDP service finds a port at",
    "which nobody listens, so that the server never comes in, or another program that lives on when the service dies.",
    "",
    "Use `DNS_CHECK` for name servers, `UDP_CHECK` for what answers a datagram, `MISC_CHECK` for anything else. When the",
    "program does listen on TCP as well, or has a port that tells its health, say so with `connect_port`.",
  ].join("\n"),
  bad: [virtualServerWith("").replace("protocol TCP", "protocol UDP")],
  good: [
    virtualServerWith("")
      .replace("protocol TCP", "protocol UDP")
      .replace("connect_timeout 3", "connect_port 8080"),
  ],
  sources: ["https://github.com/acassen/keepalived/issues/765"],
};

function check(configuration: Configuration, report: Report): void {
  for (const server of writtenVirtualServers(configuration)) {
    if (server.protocol !== "UDP" || server.key.kind === "fwmark") continue;
    for (const { checks } of server.realServers)
      for (const { spec, line, section } of checks) {
        if (!streamChecks.has(spec.name) || section === undefined) continue;
        if (settingOf(section, "connect_port") !== undefined) continue;
        report(spanAt(line, 0), {
          message: `${spec.name} connects with TCP, the service is UDP`,
          related: [{ span: keywordSpan(server, "protocol"), label: "what clients use" }],
          effect: "it says nothing about the service",
          fix: "use DNS_CHECK, UDP_CHECK or MISC_CHECK, or name a `connect_port` of TCP",
        });
      }
  }
}
