// Nodes with one router_id.

import { spanAt } from "../keepalived/reading.ts";
import type { Span } from "../text/diagnostic.ts";
import { instanceWith } from "./example-texts.ts";
import { nodeNameOf } from "./nodes.ts";
import type { Configuration, Report, Rule } from "./rule.ts";
import { globalSetting } from "./vrrp-blocks.ts";

const node = (id: string, priority: number): string =>
  `global_defs {\n    router_id ${id}\n}\n${instanceWith("").replace("100", String(priority))}`;

export const sameRouterId: Rule = {
  id: "P03",
  name: "same-router-id",
  severity: "advice",
  scope: "pair",
  check,
  title: "nodes have the same router_id",
  explanation: [
    "`router_id` is the name by which a node speaks in mails, logs and statistics. It changes nothing in the",
    "protocol; with one name on two nodes nobody can tell from a mail which of them has failed. Without it",
    "the host name counts, which is the simplest way to have different ones.",
  ].join("\n"),
  bad: [[node("lb", 100), node("lb", 90)]],
  good: [[node("lb1", 100), node("lb2", 90)]],
  sources: ["https://www.keepalived.org/manpage.html"],
};

function check(nodes: readonly Configuration[], report: Report): void {
  const seen = new Map<string, { span: Span; nodeName: string }>();
  for (const node of nodes) {
    const setting = globalSetting(node, "router_id");
    const id = setting?.values[0];
    if (setting === undefined || typeof id !== "string" || id.includes("$")) continue;
    const span = spanAt(setting.line, 1);
    const nodeName = nodeNameOf(node, nodes);
    const before = seen.get(id);
    if (before === undefined) {
      seen.set(id, { span, nodeName });
      continue;
    }
    // A file that both include says the same on both, which may well be what is meant.
    if (before.span.file === span.file) continue;
    report(span, {
      message: `${before.nodeName} and ${nodeName} have the same router_id, \`${id}\``,
      related: [{ span: before.span, label: `on ${before.nodeName}` }],
      effect: "mails and statistics do not tell which node speaks",
      fix: "write different ones, or none: then it is the host name",
    });
  }
}
