// Virtual servers that are understood, but that the eBPF data plane does not carry.

import { familyOf } from "../../base/address.ts";
import {
  type SchedulerName,
  type VirtualServer,
  virtualServerName,
} from "../../model/virtual-server.ts";
import { virtualServerWith } from "./example-texts.ts";
import type { Configuration, Report, Rule } from "./rule.ts";

const carriedSchedulers: ReadonlySet<SchedulerName> = new Set<SchedulerName>([
  "rr",
  "wrr",
  "lc",
  "wlc",
  "sed",
  "nq",
  "fo",
  "ovf",
]);

export const notCarried: Rule = {
  id: "K02",
  name: "not-carried",
  severity: "warning",
  scope: "file",
  check,
  title: "Keelson's data plane does not carry this virtual server yet",
  explanation: [
    "The virtual server is read and checked, but the data plane cannot forward its packets so far: the finding",
    "names what is missing. At the start the daemon says so once more, refuses this virtual server, and serves",
    "all others. Clients of this one get no answer from here.",
    "",
    "Nothing is wrong with the file. Leave this service to keepalived on hosts of its own until it is",
    "carried, or choose a scheduler or method that is.",
  ].join("\n"),
  bad: [virtualServerWith("").replace("lb_kind NAT", "lb_kind TUN")],
  good: [virtualServerWith("")],
  sources: [],
};

function check(configuration: Configuration, report: Report): void {
  for (const { value, span } of configuration.virtualServers)
    for (const what of missingFor(value))
      report(span, {
        message: `${virtualServerName(value.key)}: the data plane does not carry ${what} yet`,
        effect: "it is refused at the start, with a line in the log; the others are served",
      });
}

function missingFor(server: VirtualServer): readonly string[] {
  const { key, scheduler, realServers } = server;
  const found: string[] = [];
  if (key.kind === "fwmark") found.push("firewall marks");
  else if (familyOf(key.address) === 6) found.push("IPv6");
  if (key.kind === "address" && key.protocol === "SCTP") found.push("SCTP");
  if (!carriedSchedulers.has(scheduler)) found.push(`the scheduler ${scheduler}`);
  if (realServers.some(({ forwarding }) => forwarding === "TUN")) found.push("TUN");
  return found;
}
