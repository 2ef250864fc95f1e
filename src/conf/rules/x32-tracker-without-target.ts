// Trackers that name nothing to track.

import { spanAt } from "../keepalived/reading.ts";
import { keywordOf, settingOf } from "../keepalived/section.ts";
import { instanceWith } from "./example-texts.ts";
import type { Configuration, Report, Rule } from "./rule.ts";

interface Tracker {
  readonly target: string;
  readonly what: string;
  readonly example: string;
  readonly stock: (name: string) => string;
}

const trackers: Readonly<Record<string, Tracker>> = {
  track_file: {
    target: "file",
    what: "file",
    example: 'file "/run/weight"',
    stock: (name) => `No file set for track_file ${name} - ignoring`,
  },
  vrrp_track_process: {
    target: "process",
    what: "process",
    example: "process nginx",
    stock: (name) => `track process '${name}' process name not specified`,
  },
  bfd_instance: {
    target: "neighbor_ip",
    what: "neighbour",
    example: "neighbor_ip 192.0.2.2",
    stock: (name) =>
      `Configuration error: BFD instance ${name} has no neighbor address set, disabling instance`,
  },
};

export const trackerWithoutTarget: Rule = {
  id: "X32",
  name: "tracker-without-target",
  severity: "error",
  scope: "file",
  check,
  title: "a tracker does not say what it tracks",
  explanation: [
    "A `track_file` needs its `file`, a `vrrp_track_process` its `process`, a `bfd_instance` its `neighbor_ip`.",
    "Without it the block is left out, and so is every line that names it: the instance runs, and what",
    "was to move its address never does.",
    "",
    "Add the line, or remove the block with its uses. For scripts this is X30.",
  ].join("\n"),
  bad: [
    `${instanceWith("track_process {\n    nginx\n}")}vrrp_track_process nginx {\n    quorum 2\n}\n`,
    `${instanceWith("")}bfd_instance peer {\n    min_rx 100\n}\n`,
  ],
  good: [
    "vrrp_track_process nginx {\n    process nginx\n}\n" +
      instanceWith("track_process {\n    nginx\n}"),
  ],
  sources: ["https://www.keepalived.org/manpage.html"],
};

function check(configuration: Configuration, report: Report): void {
  for (const setting of configuration.root.settings) {
    const tracker = trackers[keywordOf(setting)];
    const { section, line } = setting;
    if (tracker === undefined || section === undefined) continue;
    if (settingOf(section, tracker.target) !== undefined) continue;
    const name = line.words[1]?.text ?? "";
    report(spanAt(line, 1), {
      message: `\`${setting.spec.name} ${name}\` names no ${tracker.what}`,
      effect: "it is left out, and so is every line that names it",
      fix: `add a line such as \`${tracker.example}\``,
      stock: tracker.stock(name),
    });
  }
}
