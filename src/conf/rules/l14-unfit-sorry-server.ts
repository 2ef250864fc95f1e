// L14: a sorry server at a port that DR cannot reach, or that is one of the servers whose death it covers.

import { spanAt } from "../keepalived/reading.ts";
import { virtualServerWith } from "./example-texts.ts";
import type { Configuration, Report, Rule } from "./rule.ts";
import { stockVirtualServer } from "./stock-names.ts";
import {
  endpointOf,
  nameSpan,
  realServerName,
  type WrittenVirtualServer,
  writtenVirtualServers,
} from "./written-virtual-servers.ts";

export const unfitSorryServer: Rule = {
  id: "L14",
  name: "unfit-sorry-server",
  severity: "warning",
  scope: "file",
  check,
  title: "the sorry server cannot do its work",
  explanation: [
    "The sorry server serves when too few real servers are alive. It is never checked. Two things keep it from its work:",
    "With DR and TUN the port cannot change, so that a port of its own has no effect: packets arrive at the virtual",
    "server's port. And a sorry server that is also a real server of the same virtual server is dead just when it is",
    "needed; keepalived has left such a server out of the table when it came back.",
    "",
    "Use a host or at least a program of its own, and the virtual server's port with DR and TUN.",
  ].join("\n"),
  bad: [
    virtualServerWith("sorry_server 198.51.100.9 8080").replace("lb_kind NAT", "lb_kind DR"),
    virtualServerWith("sorry_server 198.51.100.1 80"),
  ],
  good: [virtualServerWith("sorry_server 198.51.100.9 8080")],
  sources: [
    "https://github.com/acassen/keepalived/issues/1370",
    "https://github.com/acassen/keepalived/issues/1816",
  ],
};

function check(configuration: Configuration, report: Report): void {
  for (const server of writtenVirtualServers(configuration)) judge(server, report);
}

function judge(server: WrittenVirtualServer, report: Report): void {
  const setting = server.settings.get("sorry_server");
  const sorry = setting && endpointOf(setting);
  if (setting === undefined || sorry === undefined) return;
  const own = server.settings.get("sorry_server_lvs_method");
  const method = own === undefined ? server.forwarding : own.values[0];
  const { key } = server;
  if (
    key.kind === "address" &&
    (method === "DR" || method === "TUN") &&
    sorry.port !== 0 &&
    sorry.port !== key.port
  )
    report(spanAt(setting.line, 2), {
      message: `${method} cannot change the port: packets arrive at ${key.port}, not ${sorry.port}`,
      related: [{ span: spanAt(server.setting.line, 2), label: "where clients connect" }],
      effect: `the sorry server is used at port ${key.port}`,
      fix: `write port ${key.port}, or add \`sorry_server_lvs_method NAT\``,
      stock: `WARNING - virtual server ${stockVirtualServer(server)} and sorry server ports don't match - resetting`,
    });
  const same = server.realServers.find(
    (real) => real.address === sorry.address && real.port === sorry.port,
  );
  if (same !== undefined)
    report(spanAt(setting.line, 1), {
      message: `the sorry server ${realServerName(sorry)} is one of the real servers`,
      related: [{ span: nameSpan(same), label: "the same server" }],
      effect: "when the real servers are dead, so is it; when it comes back it may stay left out",
      fix: "use a server of its own",
    });
}
