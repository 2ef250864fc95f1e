// Options of IPv4 addresses on IPv6 ones.

import { familyOf } from "../../base/address.ts";
import { spanAt } from "../keepalived/reading.ts";
import type { Section } from "../keepalived/section.ts";
import { instanceWith } from "./example-texts.ts";
import type { Configuration, Report, Rule } from "./rule.ts";
import { addressesOf, instancesOf } from "./vrrp-blocks.ts";

const six = (options: string): string =>
  instanceWith("").replace("192.0.2.17/24", `fe80::17/64${options}`);

/** Options that the kernel knows for one family only. */
const families: Readonly<Record<string, 4 | 6>> = {
  scope: 4,
  brd: 4,
  broadcast: 4,
  label: 4,
  home: 6,
  "-nodad": 6,
  mngtmpaddr: 6,
};

const stocks: Readonly<Record<string, string>> = {
  scope: "Cannot specify scope for IPv6 addresses",
};

export const optionOfTheOtherFamily: Rule = {
  id: "V72",
  name: "option-of-the-other-family",
  severity: "warning",
  scope: "file",
  check,
  title: "an address has an option of the other family",
  explanation: [
    "`scope`, `brd` and `label` exist for IPv4 addresses only: the kernel gives an IPv6 address its scope by",
    "the address itself, and IPv6 has no broadcast. `home`, `-nodad` and `mngtmpaddr` exist for IPv6 only.",
    "The option is ignored.",
    "",
    "Remove it.",
  ].join("\n"),
  bad: [six(" scope link"), instanceWith("").replace("/24", "/24 -nodad")],
  good: [six(" -nodad"), instanceWith("").replace("/24", "/24 scope global")],
  sources: ["https://www.keepalived.org/manpage.html"],
};

function check(configuration: Configuration, report: Report): void {
  checkBlock(configuration.root, "static_ipaddress", report);
  for (const { section } of instancesOf(configuration)) {
    checkBlock(section, "virtual_ipaddress", report);
    checkBlock(section, "virtual_ipaddress_excluded", report);
  }
}

function checkBlock(section: Section, keyword: string, report: Report): void {
  for (const { address, entry } of addressesOf(section, keyword)) {
    const family = familyOf(address);
    for (const { name, wordIndex } of entry.options) {
      const only = families[name];
      if (only === undefined || only === family) continue;
      const stock = stocks[name];
      report(spanAt(entry.line, wordIndex), {
        message: `\`${name}\` is an option of IPv${only} addresses, and \`${address}\` is IPv${family}`,
        effect: "it is ignored",
        fix: `remove \`${name}\``,
        ...(stock === undefined
          ? {}
          : { stock: `${stock} (${entry.line.words[0]?.text}) - ignoring ${name}` }),
      });
    }
  }
}
