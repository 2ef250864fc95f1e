// L41: a check that does not know where to connect.

import { spanAt } from "../keepalived/reading.ts";
import { settingOf } from "../keepalived/section.ts";
import { virtualServerWith } from "./example-texts.ts";
import type { Configuration, Report, Rule } from "./rule.ts";
import {
  nameSpan,
  type WrittenVirtualServer,
  writtenVirtualServers,
} from "./written-virtual-servers.ts";

/** Checks that connect to a port, without one of their own. */
const connecting: ReadonlySet<string> = new Set([
  "TCP_CHECK",
  "HTTP_GET",
  "SSL_GET",
  "SMTP_CHECK",
  "DNS_CHECK",
  "UDP_CHECK",
]);

export const checkWithoutPort: Rule = {
  id: "L41",
  name: "check-without-port",
  severity: "error",
  scope: "file",
  check,
  title: "neither a check nor its server says which port to connect to",
  explanation: [
    "A check connects to the port of its real server. A real server of a firewall mark, or of a virtual server for all",
    "ports, mostly has none; keepalived then connects to port 0, which always fails, so that the server never comes in.",
    "",
    "Name the port that tells the health of the service with `connect_port` in the check.",
  ].join("\n"),
  bad: [
    virtualServerWith("persistence_timeout 60")
      .replace("lb_algo rr", "lb_algo wlc")
      .replace("192.0.2.17 80", "192.0.2.17 0")
      .replace("198.51.100.1 80", "198.51.100.1 0"),
  ],
  good: [
    virtualServerWith("persistence_timeout 60")
      .replace("lb_algo rr", "lb_algo wlc")
      .replace("192.0.2.17 80", "192.0.2.17 0")
      .replace("198.51.100.1 80", "198.51.100.1 0")
      .replace("connect_timeout 3", "connect_port 21"),
  ],
  sources: ["https://www.keepalived.org/manpage.html"],
};

function check(configuration: Configuration, report: Report): void {
  for (const server of writtenVirtualServers(configuration)) {
    if (portOf(server) !== 0) continue;
    for (const real of server.realServers) {
      if (real.port !== 0) continue;
      for (const { spec, line, section } of real.checks) {
        if (section === undefined || !connecting.has(spec.name)) continue;
        if (settingOf(section, "connect_port") !== undefined) continue;
        report(spanAt(line, 0), {
          message: "neither the check nor the server says which port to connect to",
          related: [{ span: nameSpan(real), label: "all ports" }],
          effect: "the check connects to port 0 and fails: the server never takes traffic",
          fix: "add `connect_port`",
        });
      }
    }
  }
}

/** The port that real servers without one take over; undefined for groups, whose lines have several. */
function portOf({ key }: WrittenVirtualServer): number | undefined {
  if (key.kind === "group") return undefined;
  return key.kind === "fwmark" ? 0 : key.port;
}
