// What an instance or a sync group watches: a name a line, perhaps with a weight.

import { option, withLines } from "./entries.ts";
import type { KeywordSpec, LineSpec, OptionSpec, ValueKind } from "./keyword-spec.ts";
import { argument, integer, interfaceName, reference, weight253 } from "./kinds.ts";

/** `reverse`, which may stand behind a weight. */
export const reverseOption: OptionSpec = option(
  "reverse",
  "Turns the weight's sense around: what lowers the priority raises it.",
  [],
);

const noreverseOption: OptionSpec = option(
  "noreverse",
  "Takes back a `reverse` of the tracked object.",
  [],
);

function trackLine(name: string, value: ValueKind, weight: ValueKind, ofObject: boolean): LineSpec {
  return {
    name: "track-line",
    summary: `One ${name.toLowerCase()} a line. Without a weight its failure means FAULT.`,
    leading: [argument(name, value)],
    options: [
      option(
        "weight",
        "Changes the priority instead: a positive weight is added while all is well, a negative one is subtracted on failure. 0 means FAULT.",
        [argument("WEIGHT", weight)],
        { options: ofObject ? [reverseOption, noreverseOption] : [reverseOption] },
      ),
    ],
  };
}

const factor: ValueKind = integer(-254, 254, "stop");

/** The track_* keywords; `missing` for a block that Keelson does not act on at all. */
export function trackKeywords(
  where: "the instance" | "the group",
  missing?: string,
): readonly KeywordSpec[] {
  const rest = missing === undefined ? {} : { missing };
  return [
    withLines(
      "track_interface",
      `Interfaces that ${where} needs besides its own.`,
      [],
      trackLine("INTERFACE", interfaceName, weight253, false),
      rest,
    ),
    withLines(
      "track_script",
      `Scripts [vrrp_script] whose result ${where} follows.`,
      [],
      trackLine("SCRIPT", reference("vrrp_script"), weight253, true),
      rest,
    ),
    withLines(
      "track_file",
      `Files [track_file] whose number changes the priority of ${where}.`,
      [],
      trackLine("FILE", reference("track_file"), factor, true),
      rest,
    ),
    withLines(
      "track_process",
      `Processes [vrrp_track_process] that ${where} needs.`,
      [],
      trackLine("PROCESS", reference("vrrp_track_process"), factor, true),
      rest,
    ),
    withLines(
      "track_bfd",
      `BFD sessions [bfd_instance] that ${where} needs.`,
      [],
      trackLine("BFD", reference("bfd_instance"), weight253, true),
      rest,
    ),
  ];
}
