// L48: a virtual server of a group that nobody defines.

import { spanAt } from "../keepalived/reading.ts";
import { nearestWord } from "../text/nearest-word.ts";
import { virtualServerWith } from "./example-texts.ts";
import { replaceWord } from "./propose-edits.ts";
import type { Configuration, Report, Rule } from "./rule.ts";
import { namedBlocks } from "./script-commands.ts";
import { writtenVirtualServers } from "./written-virtual-servers.ts";

const group = "virtual_server_group web {\n    192.0.2.17 80\n}\n\n";
const ofGroup = (name: string): string =>
  group + virtualServerWith("").replace("192.0.2.17 80", `group ${name}`);

export const unknownServerGroup: Rule = {
  id: "L48",
  name: "unknown-server-group",
  severity: "error",
  scope: "file",
  check,
  title: "there is no virtual_server_group of that name",
  explanation: [
    "`virtual_server group NAME` serves the addresses that `virtual_server_group NAME` lists. Without such a block it",
    "serves none. keepalived says nothing about it.",
    "",
    "Correct the name, or define the group.",
  ].join("\n"),
  bad: [ofGroup("wbe")],
  good: [ofGroup("web")],
  sources: ["https://www.keepalived.org/manpage.html"],
};

function check(configuration: Configuration, report: Report): void {
  const servers = writtenVirtualServers(configuration).filter(({ key }) => key.kind === "group");
  if (servers.length === 0) return;
  const groups = namedBlocks(configuration, ["virtual_server_group"]);
  for (const { key, setting } of servers) {
    if (key.kind !== "group" || groups.has(key.group) || key.group.includes("$")) continue;
    const near = nearestWord(key.group, groups.keys());
    report(spanAt(setting.line, 2), {
      message: `there is no virtual_server_group named \`${key.group}\``,
      ...(near === undefined ? {} : { label: `did you mean \`${near}\`?` }),
      effect: "this virtual server has no address: nobody can connect to it",
      fix:
        near === undefined ? `define \`virtual_server_group ${key.group}\`` : `write \`${near}\``,
      ...(near === undefined ? {} : replaceWord(configuration, setting, 2, near)),
    });
  }
}
