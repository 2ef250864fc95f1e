// L54: a check that shall come from an address of the other IP version.

import { spanAt } from "../keepalived/reading.ts";
import { settingOf } from "../keepalived/section.ts";
import { virtualServerCheckedBy } from "./example-texts.ts";
import type { Configuration, Report, Rule } from "./rule.ts";
import { nameSpan, writtenVirtualServers } from "./written-virtual-servers.ts";

export const bindAddressOfOtherFamily: Rule = {
  id: "L54",
  name: "bind-address-of-other-family",
  severity: "error",
  scope: "file",
  check,
  title: "`bindto` is not of the IP version that the check connects with",
  explanation: [
    "A connection has two ends of one IP version. keepalived ignores a `bindto` of another version than the address that",
    "is checked, and lets the routes choose the source.",
    "",
    "Write an address of the right version, or remove the line.",
  ].join("\n"),
  bad: [virtualServerCheckedBy("TCP_CHECK {\n    bindto 2001:db8::1\n}")],
  good: [virtualServerCheckedBy("TCP_CHECK {\n    bindto 198.51.100.254\n}")],
  sources: ["https://www.keepalived.org/manpage.html"],
};

function check(configuration: Configuration, report: Report): void {
  for (const server of writtenVirtualServers(configuration))
    for (const real of server.realServers)
      for (const { section } of real.checks) {
        const bind = section && settingOf(section, "bindto");
        const source = bind?.values[0];
        if (section === undefined || bind === undefined || typeof source !== "string") continue;
        const own = settingOf(section, "connect_ip");
        const target = own === undefined ? real.address : own.values[0];
        if (typeof target !== "string" || source.includes(":") === target.includes(":")) continue;
        report(spanAt(bind.line, 1), {
          message: `the check connects to ${target}, which ${source} cannot reach`,
          related: [
            {
              span: own === undefined ? nameSpan(real) : spanAt(own.line, 1),
              label: "the other end",
            },
          ],
          effect: "keepalived ignores it: the routes choose the source address",
          fix: "write an address of the same IP version, or remove it",
          stock: `bindto address ${source} does not match address family of connect_ip - skipping`,
        });
      }
}
