// Two blocks with one name.

import { spanAt } from "../keepalived/reading.ts";
import { instanceWith } from "./example-texts.ts";
import type { Configuration, Report, Rule } from "./rule.ts";
import { namedBlocks } from "./script-commands.ts";

/** Keywords whose blocks are known by name. */
const kinds: readonly (readonly string[])[] = [
  ["vrrp_instance"],
  ["vrrp_sync_group"],
  ["bfd_instance"],
  ["vrrp_script"],
  ["vrrp_track_process"],
  ["track_file", "vrrp_track_file"],
  ["virtual_server_group"],
];

export const nameRepeated: Rule = {
  id: "S12",
  name: "name-repeated",
  severity: "warning",
  scope: "file",
  check,
  title: "two blocks of one kind have the same name",
  explanation: [
    "Instances, sync groups, scripts and server groups are known by their names. A second block with a name",
    "that is taken is ignored: an instance of that text never runs, its address is nowhere. keepalived logs",
    "that an instance is already defined; of two scripts with one name it says nothing at all.",
    "",
    "A block that was copied and whose name was not changed is the usual cause, or a file that is included",
    "twice. Give each its own name, and its own virtual_router_id.",
  ].join("\n"),
  bad: [
    instanceWith("") + instanceWith("", "VI_1", 18),
    `vrrp_sync_group G {
    group {
        VI_1
        VI_2
    }
}
vrrp_sync_group G {
    group {
        VI_1
        VI_2
    }
}
${instanceWith("")}${instanceWith("", "VI_2", 18)}`,
  ],
  good: [instanceWith("") + instanceWith("", "VI_2", 18)],
  sources: ["https://www.keepalived.org/manpage.html"],
};

function check(configuration: Configuration, report: Report): void {
  for (const keywords of kinds) {
    const first = namedBlocks(configuration, keywords);
    for (const setting of configuration.root.settings) {
      if (!keywords.includes(setting.spec.name)) continue;
      const keyword = setting.spec.name;
      const name = setting.line.words[1]?.text ?? "";
      const before = first.get(name);
      if (before === undefined || before.setting === setting) continue;
      report(spanAt(setting.line, 1), {
        message: `there are two blocks \`${keyword} ${name}\``,
        related: [{ span: before.span, label: "first here" }],
        effect: "the second one is ignored",
        fix: "give one of them another name",
        ...(keyword === "vrrp_instance" ? { stock: `vrrp instance ${name} already defined` } : {}),
        ...(keyword === "vrrp_sync_group"
          ? { stock: `vrrp sync group ${name} already defined` }
          : {}),
        ...(keyword === "bfd_instance" ? { stock: `BFD ${name} already specified` } : {}),
      });
    }
  }
}
