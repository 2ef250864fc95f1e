// L49: a group of addresses that no virtual server serves, or that has no address.

import { spanAt } from "../keepalived/reading.ts";
import { virtualServerWith } from "./example-texts.ts";
import type { Configuration, Report, Rule } from "./rule.ts";
import { namedBlocks } from "./script-commands.ts";
import { writtenVirtualServers } from "./written-virtual-servers.ts";

const ofGroup = virtualServerWith("").replace("192.0.2.17 80", "group web");

export const serverGroupWithoutUse: Rule = {
  id: "L49",
  name: "server-group-without-use",
  severity: "warning",
  scope: "file",
  check,
  title: "a virtual_server_group is empty, or no virtual server serves it",
  explanation: [
    "A `virtual_server_group` is a list of addresses; alone it does nothing. It takes a `virtual_server group NAME` to",
    "serve them. A group without any address or mark is removed by keepalived, and its virtual server serves nobody.",
    "",
    "Add what is missing, or remove the group.",
  ].join("\n"),
  bad: [
    `virtual_server_group web {\n    192.0.2.17 80\n}\n\n${virtualServerWith("")}`,
    `virtual_server_group web {\n}\n\n${ofGroup}`,
  ],
  good: [`virtual_server_group web {\n    192.0.2.17 80\n}\n\n${ofGroup}`],
  sources: ["https://www.keepalived.org/manpage.html"],
};

function check(configuration: Configuration, report: Report): void {
  const groups = namedBlocks(configuration, ["virtual_server_group"]);
  if (groups.size === 0) return;
  const used = new Set<string>();
  for (const { key } of writtenVirtualServers(configuration))
    if (key.kind === "group") used.add(key.group);
  for (const { name, setting, span } of groups.values()) {
    if (setting.line.block?.length === 0)
      report(span, {
        message: `the group \`${name}\` has no address`,
        effect: "keepalived removes it",
        fix: "add a line with an address and a port, or remove the group",
        stock: `virtual server group ${name} has no entries - removing`,
      });
    if (!used.has(name) && !name.includes("$"))
      report(spanAt(setting.line, 1), {
        message: `no virtual server serves the group \`${name}\``,
        effect: "nobody can connect to its addresses",
        fix: `write \`virtual_server group ${name}\`, or remove the group`,
      });
  }
}
