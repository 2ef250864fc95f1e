// Instances that are understood, and that Keelson does not run yet.

import { instanceWith } from "./example-texts.ts";
import type { Configuration, Report, Rule } from "./rule.ts";

export const instanceNotRun: Rule = {
  id: "K03",
  name: "instance-not-run",
  severity: "warning",
  scope: "file",
  check,
  title: "Keelson does not run this instance yet",
  explanation: [
    "The instance is read and checked, but Keelson speaks VRRP over IPv4 only so far: an IPv6 instance stays",
    "in FAULT and holds nothing, and the daemon says so at its start. All others run.",
    "",
    "Nothing is wrong with the file. IPv6 addresses can move with an IPv4 instance: put them into its",
    "`virtual_ipaddress_excluded`. Or leave this instance to keepalived for the time being.",
  ].join("\n"),
  bad: [instanceWith("").replace("192.0.2.17/24", "fe80::17/64")],
  good: [instanceWith("virtual_ipaddress_excluded {\n    2001:db8::17/64\n}")],
  sources: [],
};

function check(configuration: Configuration, report: Report): void {
  for (const { value, span } of configuration.instances)
    if (value.family === 6)
      report(span, {
        message: `the IPv6 instance \`${value.name}\` is read, but Keelson does not run it yet`,
        effect: "it stays in FAULT and holds nothing",
        fix: "put its addresses into `virtual_ipaddress_excluded` of an IPv4 instance",
      });
}
