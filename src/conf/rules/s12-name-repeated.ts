// Two blocks with one name.

import { spanAt } from "../keepalived/reading.ts";
import { keywordOf, type Setting } from "../keepalived/section.ts";
import { instanceWith } from "./example-texts.ts";
import type { Configuration, Report, Rule } from "./rule.ts";

type StockText = (name: string) => string;

/** Keywords whose blocks are known by name, and what keepalived says of a second one. */
const kinds: ReadonlyMap<string, StockText | undefined> = new Map<string, StockText | undefined>([
  ["vrrp_instance", (name) => `vrrp instance ${name} already defined`],
  ["vrrp_sync_group", (name) => `vrrp sync group ${name} already defined`],
  ["bfd_instance", (name) => `BFD ${name} already specified`],
  ["vrrp_script", undefined],
  ["vrrp_track_process", undefined],
  ["track_file", undefined],
  ["virtual_server_group", undefined],
]);

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
  const first = new Map<string, Setting>();
  for (const setting of configuration.root.settings) {
    const kind = keywordOf(setting);
    if (!kinds.has(kind)) continue;
    const name = setting.line.words[1]?.text ?? "";
    const before = first.get(`${kind} ${name}`);
    if (before === undefined) {
      first.set(`${kind} ${name}`, setting);
      continue;
    }
    const stock = kinds.get(kind)?.(name);
    report(spanAt(setting.line, 1), {
      message: `there are two blocks \`${setting.spec.name} ${name}\``,
      related: [{ span: spanAt(before.line, 1), label: "first here" }],
      effect: "the second one is ignored",
      fix: "give one of them another name",
      ...(stock === undefined ? {} : { stock }),
    });
  }
}
