// L44: a sorry server that NAT and DR cannot reach.

import { familyOf } from "../../base/address.ts";
import { spanAt } from "../keepalived/reading.ts";
import { virtualServerWith } from "./example-texts.ts";
import type { Configuration, Report, Rule } from "./rule.ts";
import {
  endpointOf,
  nameSpan,
  writtenFamily,
  writtenVirtualServers,
} from "./written-virtual-servers.ts";

export const sorryServerOfOtherFamily: Rule = {
  id: "L44",
  name: "sorry-server-of-other-family",
  severity: "error",
  scope: "file",
  check,
  title: "NAT and DR cannot forward to a sorry server of the other IP version",
  explanation: [
    "With NAT and DR a packet keeps its IP version. A sorry server whose address is of another one than the virtual",
    "server's is left out, and nobody serves when the quorum is lost.",
    "",
    "Use its address of the right family, or `sorry_server_lvs_method TUN`.",
  ].join("\n"),
  bad: [virtualServerWith("sorry_server 2001:db8::9 80")],
  good: [virtualServerWith("sorry_server 198.51.100.9 80")],
  sources: ["https://www.keepalived.org/manpage.html"],
};

function check(configuration: Configuration, report: Report): void {
  for (const server of writtenVirtualServers(configuration)) {
    const setting = server.settings.get("sorry_server");
    const sorry = setting && endpointOf(setting);
    const family = writtenFamily(server);
    if (setting === undefined || sorry === undefined || family === undefined) continue;
    const own = server.settings.get("sorry_server_lvs_method");
    const method = own === undefined ? server.forwarding : own.values[0];
    if ((method !== "NAT" && method !== "DR") || familyOf(sorry.address) === family) continue;
    report(spanAt(setting.line, 1), {
      message: `${method} cannot forward to ${sorry.address}: the virtual server is IPv${family}`,
      related: [{ span: nameSpan(server), label: `IPv${family}` }],
      effect: "the sorry server is left out",
      fix: "use an address of the same family",
      stock: `Address family of virtual server and sorry server ${sorry.address} don't match - skipping sorry server.`,
    });
  }
}
