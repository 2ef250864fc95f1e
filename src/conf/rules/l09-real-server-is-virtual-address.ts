// L09: a real server whose address the directors hold themselves.

import type { IpAddress } from "../../base/address.ts";
import { spanAt } from "../keepalived/reading.ts";
import type { Span } from "../text/diagnostic.ts";
import { virtualServerWith } from "./example-texts.ts";
import type { Configuration, Report, Rule } from "./rule.ts";
import { heldAddresses } from "./vrrp-addresses.ts";
import {
  nameSpan,
  realServerName,
  type WrittenRealServer,
  type WrittenVirtualServer,
  writtenVirtualServers,
} from "./written-virtual-servers.ts";

export const realServerIsVirtualAddress: Rule = {
  id: "L09",
  name: "real-server-is-virtual-address",
  severity: "error",
  scope: "file",
  check,
  title: "a real server has the address of a virtual server or of an instance",
  explanation: [
    "The virtual address is held by the director that is MASTER. A real server with that address is the director",
    "itself: its check connects to the virtual server, finds any of the other servers behind it and succeeds for as",
    "long as one of them lives; and the connections that it is given meet whatever the director itself runs there.",
    "",
    "Mostly the address was copied from the line above. Write the address of the machine that serves. Address and",
    "port of the virtual server itself are an error; a virtual address with another port is a warning, because a",
    "program of the director may well listen there: write the director's own address then.",
  ].join("\n"),
  bad: [virtualServerWith("").replace("real_server 198.51.100.1 80", "real_server 192.0.2.17 80")],
  good: [virtualServerWith("")],
  sources: ["https://www.keepalived.org/manpage.html"],
};

function check(configuration: Configuration, report: Report): void {
  const servers = writtenVirtualServers(configuration);
  if (servers.length === 0) return;
  const virtual = new Map<IpAddress, Span>();
  for (const server of servers) {
    if (server.key.kind === "address" && !virtual.has(server.key.address))
      virtual.set(server.key.address, nameSpan(server));
    for (const { address, entry } of server.groupLines)
      if (!virtual.has(address)) virtual.set(address, spanAt(entry.line, 0));
  }
  for (const { address, span } of heldAddresses(configuration))
    if (!virtual.has(address)) virtual.set(address, span);
  for (const server of servers)
    for (const real of server.realServers) {
      const span = virtual.get(real.address);
      if (span !== undefined) reportOne(real, server, span, report);
    }
}

function reportOne(
  real: WrittenRealServer,
  server: WrittenVirtualServer,
  other: Span,
  report: Report,
): void {
  const { key } = server;
  const itself =
    key.kind === "address" &&
    key.address === real.address &&
    (real.port === 0 || real.port === key.port || real.forwarding !== "NAT");
  report(spanAt(real.setting.line, 1), {
    ...(itself ? {} : { severity: "warning" }),
    message: itself
      ? `the real server ${realServerName(real)} is the virtual server itself`
      : `the real server ${realServerName(real)} has a virtual address`,
    related: [{ span: itself ? nameSpan(server) : other, label: "the directors hold it" }],
    effect:
      "its check asks whoever is MASTER, and clients that it is given meet the director itself",
    fix: "write the address of the machine that serves",
  });
}
