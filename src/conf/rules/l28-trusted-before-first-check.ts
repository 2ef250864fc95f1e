// L28: without alpha real servers take traffic before anybody has looked at them.

import { settingOf } from "../keepalived/section.ts";
import { virtualServerWith } from "./example-texts.ts";
import type { Configuration, Report, Rule } from "./rule.ts";
import {
  nameSpan,
  type WrittenVirtualServer,
  writtenVirtualServers,
} from "./written-virtual-servers.ts";

export const trustedBeforeFirstCheck: Rule = {
  id: "L28",
  name: "trusted-before-first-check",
  severity: "advice",
  scope: "file",
  check,
  title: "without `alpha` servers are in rotation before their first check",
  explanation: [
    "At the start every real server counts as alive until its checks have failed, retries and all. After a power cut,",
    "when directors and servers boot together, clients are sent to servers that are not up yet. With `alpha` in the",
    "virtual server a real server comes in with its first successful check, which is a matter of seconds:",
    "checks begin after a random time of at most `warmup` (`delay_loop` unless written).",
    "",
    "It is fine without where a dead server for some seconds is better than an empty table for some seconds. The",
    "finding is given once a file.",
  ].join("\n"),
  bad: [virtualServerWith("").replace("    alpha\n", "")],
  good: [virtualServerWith("")],
  sources: ["https://www.keepalived.org/manpage.html"],
};

function check(configuration: Configuration, report: Report): void {
  const servers = writtenVirtualServers(configuration);
  let first: WrittenVirtualServer | undefined;
  let count = 0;
  for (const server of servers) {
    if (!trusts(server)) continue;
    count++;
    first ??= server;
  }
  if (first === undefined) return;
  report(nameSpan(first), {
    message:
      count === 1
        ? "real servers take traffic before their first check"
        : `real servers of ${count} virtual servers take traffic before their first check`,
    effect: "after a start, clients may be sent to servers that are dead",
    fix: "add `alpha` to the virtual server",
  });
}

/** True when a server that is checked counts as alive before; `alpha` may stand in any of the three blocks. */
function trusts(server: WrittenVirtualServer): boolean {
  if (server.settings.has("alpha")) return false;
  return server.realServers.some(
    ({ section, checks }) =>
      checks.length > 0 &&
      settingOf(section, "alpha") === undefined &&
      checks.every((check) => check.section && settingOf(check.section, "alpha") === undefined),
  );
}
