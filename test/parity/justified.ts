// Differences that are meant, each with its reason. What stands here is checked off; everything else is a defect.

import type { Diagnostic } from "../../src/conf/text/diagnostic.ts";
import type { Difference, Facts } from "./facts.ts";

/** What is known of the file in which something differs. */
export interface Surroundings {
  readonly name: string;
  /** What keepalived has logged while it ran. */
  readonly log: string;
  readonly diagnostics: readonly Diagnostic[];
  /** What Keelson holds of the file. */
  readonly ours: Facts;
}

/** Why a kind of difference is right. */
export interface Justification {
  readonly id: string;
  readonly reason: string;
  readonly applies: (difference: Difference, around: Surroundings) => boolean;
}

/** The last word before the colon of `script NAME: weight`. */
function scriptOf({ fact }: Difference): string | undefined {
  return /^script ([^:]*):/.exec(fact)?.[1];
}

/** Names that only one of two lists has; weights do not matter. */
function onlyIn(one: string | undefined, other: string | undefined): readonly string[] {
  const names = (text = ""): readonly string[] =>
    text.split(", ").map((item) => item.split(" ")[0] ?? "");
  return names(one).filter((name) => name !== "" && !names(other).includes(name));
}

function isMissingHere(script: string, log: string): boolean {
  return log
    .split("\n")
    .some(
      (line) =>
        line.includes(script) &&
        /not found|is not used|not accessible|removing|Disabling|No such file/.test(line),
    );
}

/** In the order in which they are tried. */
export const justifications: readonly Justification[] = [
  {
    id: "gratuitous ARP is repeated every minute",
    reason:
      "keepalived never repeats it unless told; docs/deviations/keepalived/garp-refresh.md says why Keelson does.",
    applies: ({ fact, keepalived, keelson }) =>
      fact.endsWith(": garp_master_refresh") && keepalived === "0" && keelson === "60",
  },
  {
    id: "scripts that this machine does not have, or that nothing tracks",
    reason:
      "keepalived drops a script whose program or user the machine lacks, with what tracks it. Keelson keeps it: a script that cannot run has failed, and is said to have. The files come from other machines, so most scripts are missing here.",
    applies: (difference, { log }) => {
      const script = scriptOf(difference);
      if (script !== undefined)
        return difference.keepalived === undefined && isMissingHere(script, log);
      if (!difference.fact.endsWith(": tracked scripts")) return false;
      const missing = onlyIn(difference.keelson, difference.keepalived);
      return missing.length > 0 && missing.every((name) => isMissingHere(name, log));
    },
  },
  {
    id: "checks by programs that this machine does not have",
    reason: "As with scripts: keepalived drops a MISC_CHECK whose program is missing.",
    applies: ({ fact, keepalived }, { ours }) => {
      const check = /^(check of .*): \w+$/.exec(fact)?.[1];
      return keepalived === undefined && ours.get(`${check}: kind`) === "MISC_CHECK";
    },
  },
  {
    id: "programs are looked up when they run",
    reason:
      "keepalived replaces the program of a script by the path that it finds on this machine, links resolved. Keelson keeps what is written and looks it up at every run.",
    applies: ({ fact, keepalived = "", keelson = "" }) => {
      if (!/^script .*: command$/.test(fact)) return false;
      const [found = "", ...rest] = keepalived.split(" ");
      const [written = "", ...same] = keelson.split(" ");
      const nameOf = (path: string): string => path.slice(path.lastIndexOf("/") + 1);
      const sameName = nameOf(found).startsWith(nameOf(written).replace(/^pidof$/, "killall5"));
      return found.startsWith("/") && sameName && rest.join(" ") === same.join(" ");
    },
  },
  {
    id: "`nb_get_retry` in a TCP_CHECK counts",
    reason:
      "keepalived 2 drops it there without a word that helps; docs/deviations/keepalived/retry-in-tcp-check.md.",
    applies: ({ fact, keepalived }, { diagnostics }) =>
      keepalived !== undefined &&
      /^check of .*: retry$/.test(fact) &&
      diagnostics.some(({ message }) => message.includes("nb_get_retry")),
  },
  {
    id: "an address that is listed twice counts once",
    reason:
      "keepalived adds the second one, too, and the kernel refuses it. Keelson says S11 or V27 and keeps the first.",
    applies: ({ fact, keepalived = "", keelson = "" }) => {
      if (!/: (excluded )?addresses$/.test(fact)) return false;
      const bare = (list: string): readonly string[] => [
        ...new Set(list.split(", ").map((item) => item.split(/[ /]/)[0] ?? "")),
      ];
      return bare(keepalived).join() === bare(keelson).join();
    },
  },
  {
    id: "AH authentication is not acted on yet",
    reason: "It is read and said to have no effect (K01).",
    applies: ({ fact, keepalived }) => fact.endsWith(": auth_type") && keepalived === "IPSEC_AH",
  },
  {
    id: "further hosts of an SMTP_CHECK are not acted on yet",
    reason:
      "SMTP_CHECK is read and does not run yet (K01); keepalived makes a check of each `host`.",
    applies: ({ fact, keelson }, { diagnostics }) =>
      /^check of .* \(\d+\): /.test(fact) &&
      keelson === undefined &&
      diagnostics.some(({ message }) => message.includes("SMTP_CHECK")),
  },
  {
    id: "a backslash at the end of a comment goes with the comment",
    reason:
      "keepalived 2.2.7 joins such a backslash to the word before the comment: `PASS #...\\` becomes `PASS\\`, an unknown type of authentication.",
    applies: ({ fact }, { log }) =>
      /: auth_(type|pass)$/.test(fact) && log.includes("unknown authentication type"),
  },
  {
    id: "a parameter that no active line defines",
    reason:
      "No active line defines it (each `$IF=` is for a config id that was not given); keepalived makes a name of its own of it, Keelson keeps the text and says so.",
    applies: ({ fact, keelson }) =>
      fact.endsWith(": interface") && keelson?.startsWith("$") === true,
  },
  {
    id: "a block behind an unknown keyword is ignored whole",
    reason:
      "keepalived ignores the `{` of an unknown keyword; the `}` then closes the block around it, and what follows is lost. docs/deviations/keepalived/unknown-blocks.md.",
    applies: ({ keepalived }, { diagnostics }) =>
      keepalived === undefined &&
      diagnostics.some(
        ({ code, effect = "" }) =>
          ["S01", "S15", "S25"].includes(code) && effect.includes("whole block"),
      ),
  },
];

/** Why a complaint of keepalived has no finding on its own line. */
export interface ComplaintJustification {
  readonly id: string;
  readonly reason: string;
  readonly applies: (
    complaint: { readonly line: number; readonly text: string },
    around: Surroundings,
  ) => boolean;
}

/** True when one of some rules speaks on or above a line. */
function speaksAbove(
  line: number,
  codes: readonly string[],
  { diagnostics }: Surroundings,
): boolean {
  return diagnostics.some(({ code, span }) => codes.includes(code) && span.line <= line);
}

/** What keepalived says of lines that it reads at the wrong level. */
const followsFromBraces =
  /^(Unknown keyword|Unexpected '\{'|Invalid virtual server group|invalid number)/;

/** In the order in which they are tried. */
export const complaintJustifications: readonly ComplaintJustification[] = [
  {
    id: "braces of an undefined parameter",
    reason:
      "keepalived takes the braces of a parameter for those of a block, and complains about the lines behind. The finding is at the parameter (S46).",
    applies: ({ line, text }, around) =>
      followsFromBraces.test(text) && speaksAbove(line, ["S46"], around),
  },
  {
    id: "lines behind a mistake with braces",
    reason:
      "keepalived ignores the `{` of an unknown keyword inside a block, or of a block that is misplaced; the `}` then closes the block around it, and each line behind gets a complaint. One mistake is one finding: at the keyword or the brace (docs/deviations/keepalived/unknown-blocks.md).",
    applies: ({ line, text }, around) =>
      (followsFromBraces.test(text) || /has no entries/.test(text)) &&
      speaksAbove(line, ["S01", "S05", "S06", "S07", "S12", "S15", "S25", "S26", "S28"], around),
  },
  {
    id: "empty lists",
    reason:
      "keepalived names the line of the closing brace; the finding (S39) stands at the keyword.",
    applies: ({ line, text }, { diagnostics }) =>
      /empty/.test(text) &&
      diagnostics.some(({ code, span }) => code === "S39" && span.line === line - 1),
  },
  {
    id: "lines of another node",
    reason:
      "A block whose content stands on lines for other ids is empty on this node, and keepalived says so. Keelson says which lines do not count (S18).",
    applies: ({ text }, { diagnostics }) =>
      /^(No (file|script) set|Configuration error: BFD)/.test(text) &&
      diagnostics.some(({ code }) => code === "S18"),
  },
  {
    id: "a backslash at the end of a comment goes with the comment",
    reason: "As above: keepalived joins it to the word before.",
    applies: ({ text }) => /unknown authentication type '.*\\'/.test(text),
  },
];
