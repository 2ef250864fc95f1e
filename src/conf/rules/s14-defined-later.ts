// A script, process or file that is tracked above its definition.

import { instanceWith, securedScripts } from "./example-texts.ts";
import { moveBlockUp } from "./move-block.ts";
import type { Configuration, Report, Rule } from "./rule.ts";
import {
  type NamedBlock,
  namedBlocks,
  type TrackedName,
  trackedNames,
  trackKinds,
} from "./script-commands.ts";

export const definedLater: Rule = {
  id: "S14",
  name: "defined-later",
  severity: "error",
  scope: "file",
  check,
  title: "a tracked script is defined below its use",
  explanation: [
    "keepalived looks a tracked name up while it reads the line. A `vrrp_script` that follows the instance does",
    "not exist for it yet: `track script chk not found, ignoring`, although it stands four lines below. The",
    "instance then tracks nothing, and a dead service never moves the address.",
    "",
    "Keelson reads the whole file first and does track the name, so this never stops it. But as long as one",
    "node runs keepalived the two behave differently, and only one of them fails over. Put definitions above",
    "the instances that use them; `keelson check --fix` does it where nothing else depends on the order.",
  ].join("\n"),
  bad: [
    `${securedScripts}
${instanceWith("track_script {\n    chk\n}")}
vrrp_script chk {
    script "/usr/local/bin/check"
}
`,
  ],
  good: [
    `${securedScripts}
vrrp_script chk {
    script "/usr/local/bin/check"
}

${instanceWith("track_script {\n    chk\n}")}`,
  ],
  sources: ["https://www.keepalived.org/manpage.html"],
};

function check(configuration: Configuration, report: Report): void {
  for (const { list, definitions, what } of trackKinds) {
    const blocks = namedBlocks(configuration, definitions);
    const moved = new Set<NamedBlock>();
    for (const tracked of trackedNames(configuration, list)) {
      const definition = blocks.get(tracked.name);
      if (definition === undefined || definition.index < tracked.index) continue;
      const edits = moved.has(definition)
        ? []
        : moveBlockUp(configuration.sources, definition.setting, tracked.owner);
      moved.add(definition);
      report(tracked.span, {
        message: `\`${tracked.name}\` is defined below its use`,
        related: [{ span: definition.span, label: "defined here" }],
        effect: `Keelson tracks the ${what}; keepalived does not find it and tracks nothing`,
        fix: "move the definition up",
        ...(edits.length === 0 ? {} : { edits }),
        stock: stockText(tracked, what),
      });
    }
  }
}

function stockText(tracked: TrackedName, what: string): string {
  const owner = tracked.owner.line.words[1]?.text ?? "";
  const kind = what === "BFD session" ? "bfd" : what;
  return `(${owner}) track ${kind} ${tracked.name} not found, ignoring...`;
}
