// L25: a failed server that stays in the table keeps the clients that are bound to it.

import { spanAt } from "../keepalived/reading.ts";
import { settingOf } from "../keepalived/section.ts";
import type { Span } from "../text/diagnostic.ts";
import { virtualServerWith } from "./example-texts.ts";
import type { Configuration, Report, Rule } from "./rule.ts";
import {
  keywordSpan,
  type WrittenVirtualServer,
  writtenVirtualServers,
} from "./written-virtual-servers.ts";

export const inhibitWithPersistence: Rule = {
  id: "L25",
  name: "inhibit-with-persistence",
  severity: "warning",
  scope: "file",
  check,
  title: "with `inhibit_on_failure`, persistent clients stay with a dead server",
  explanation: [
    "`inhibit_on_failure` gives a failed real server the weight 0 and leaves it in the table. That keeps new clients away,",
    "but not those that persistence has bound to it: their new connections go to the dead server until they have been",
    "away for the `persistence_timeout`, and every attempt begins that time anew.",
    "",
    "Leave `inhibit_on_failure` out: a failed server is then removed, and its clients are scheduled again. Or set the",
    "sysctl `net.ipv4.vs.expire_quiescent_template` to 1, which does the same for servers of weight 0; then suppress the",
    "finding and say so.",
  ].join("\n"),
  bad: [
    virtualServerWith("persistence_timeout 50\ninhibit_on_failure").replace(
      "lb_algo rr",
      "lb_algo wlc",
    ),
  ],
  good: [
    virtualServerWith("persistence_timeout 50").replace("lb_algo rr", "lb_algo wlc"),
    virtualServerWith("inhibit_on_failure"),
  ],
  sources: ["https://github.com/aledbf/kube-keepalived-vip/issues/117"],
};

function check(configuration: Configuration, report: Report): void {
  for (const server of writtenVirtualServers(configuration)) {
    const { settings } = server;
    const keyword = ["persistence_timeout", "persistence_granularity"].find((name) =>
      settings.has(name),
    );
    const inhibit = keyword === undefined ? undefined : inhibitSpan(server);
    if (keyword === undefined || inhibit === undefined) continue;
    report(inhibit, {
      message: "clients that persistence has bound to a failed server stay with it",
      related: [{ span: keywordSpan(server, keyword), label: "binds clients to servers" }],
      effect: "their connections fail until they have been away for the whole timeout",
      fix: "leave `inhibit_on_failure` out, or set net.ipv4.vs.expire_quiescent_template to 1",
    });
  }
}

/** Where a virtual server, or the first of its real servers, says it. */
function inhibitSpan(server: WrittenVirtualServer): Span | undefined {
  if (server.settings.has("inhibit_on_failure")) return keywordSpan(server, "inhibit_on_failure");
  for (const { section } of server.realServers) {
    const setting = settingOf(section, "inhibit_on_failure");
    if (setting !== undefined && setting.values[0] !== false) return spanAt(setting.line, 0);
  }
  return undefined;
}
