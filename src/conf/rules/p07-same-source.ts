// Nodes that send from the same address.

import { settingOf } from "../keepalived/section.ts";
import { instanceWith } from "./example-texts.ts";
import { sharedRoutersOf } from "./nodes.ts";
import type { Configuration, Report, Rule } from "./rule.ts";
import { placeOf, sourceOf } from "./vrrp-blocks.ts";

const low = (text: string): string => text.replace("priority 100", "priority 90");
const from = (host: number): string => instanceWith(`mcast_src_ip 192.0.2.${host}`);

export const sameSource: Rule = {
  id: "P07",
  name: "same-source",
  severity: "error",
  scope: "pair",
  check,
  title: "nodes send their adverts from the same address",
  explanation: [
    "`unicast_src_ip` and `mcast_src_ip` name an address of the node itself. The same one on two nodes is a",
    "copied line: on one of them the address does not exist, the instance cannot send and is in FAULT. And if",
    "both really had it, each would take the other's adverts for its own and drop them.",
    "",
    "Write each node's own address, or leave the line out for multicast: then it is the interface's.",
  ].join("\n"),
  bad: [[from(1), low(from(1))]],
  good: [[from(1), low(from(2))]],
  sources: [
    "https://github.com/acassen/keepalived/issues/2237",
    "https://github.com/acassen/keepalived/issues/2514",
  ],
};

function check(nodes: readonly Configuration[], report: Report): void {
  for (const { first, others } of sharedRoutersOf(nodes))
    for (const part of others) {
      const source = sourceOf(part.instance.section);
      if (source === undefined || source !== sourceOf(first.instance.section)) continue;
      const place = (instance: typeof part.instance): ReturnType<typeof placeOf> =>
        placeOf(
          instance.section,
          settingOf(instance.section, "unicast_src_ip") === undefined
            ? "mcast_src_ip"
            : "unicast_src_ip",
          instance.span,
        );
      const [here, there] = [place(part.instance), place(first.instance)];
      const same = here.file === there.file && here.line === there.line;
      report(here, {
        message: `${first.nodeName} and ${part.nodeName} send from the same address, ${source}`,
        ...(same ? {} : { related: [{ span: there, label: `on ${first.nodeName}` }] }),
        effect: "on one of them the address does not exist, and the instance is in FAULT",
        fix: `write an address of ${part.nodeName} here`,
      });
    }
}
