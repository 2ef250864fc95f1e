// auth_pass: 8 bytes count.

import { spanAt } from "../keepalived/reading.ts";
import { settingOf } from "../keepalived/section.ts";
import { instanceWith } from "./example-texts.ts";
import type { Configuration, Report, Rule } from "./rule.ts";
import { instancesOf } from "./vrrp-blocks.ts";

/** Bytes that the field of an advert has. */
const fieldBytes = 8;

export const longPassword: Rule = {
  id: "V06",
  name: "long-password",
  severity: "warning",
  scope: "file",
  check,
  title: "auth_pass is longer than 8 characters",
  explanation: [
    "The field of the packet has 8 bytes (RFC 2338, section 5.3.6.2): the rest of the password is not sent",
    "and not compared. Nodes agree as long as their first 8 bytes do. keepalived -t counts it as an error,",
    "which has broken many a deployment that checks its files.",
    "",
    "Cut the password to 8 characters on all nodes, which changes nothing at run time. It is no secret on the",
    "network in any case: it is sent in clear text with each advert, and keeps mistakes apart, not attackers.",
  ].join("\n"),
  bad: [instanceWith("authentication {\n    auth_type PASS\n    auth_pass longsecret\n}")],
  good: [instanceWith("authentication {\n    auth_type PASS\n    auth_pass secret78\n}")],
  sources: [
    "https://github.com/acassen/keepalived/issues/2224",
    "https://github.com/ceph/ceph/pull/46907",
  ],
};

function check(configuration: Configuration, report: Report): void {
  for (const { name, section } of instancesOf(configuration)) {
    const block = settingOf(section, "authentication")?.section;
    const setting = block && settingOf(block, "auth_pass");
    const word = setting?.line.words[1];
    if (setting === undefined || word === undefined) continue;
    const size = byteLength(word.text);
    if (size <= fieldBytes || word.text.includes("$")) continue;
    const plain = size === word.text.length && word.raw === word.text;
    const span = spanAt(setting.line, 1);
    report(span, {
      message: `the password of \`${name}\` has ${size} bytes`,
      label: `${fieldBytes} of them count`,
      effect: "the rest is neither sent nor compared, and `keepalived -t` reports an error",
      fix: `cut it to ${fieldBytes} characters on all nodes`,
      ...(plain ? { edits: [{ span, newText: word.text.slice(0, fieldBytes) }] } : {}),
      stock: `Truncating auth_pass to ${fieldBytes} characters`,
    });
  }
}

/** The length in UTF-8. */
function byteLength(text: string): number {
  let bytes = 0;
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0;
    bytes += code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x1_0000 ? 3 : 4;
  }
  return bytes;
}
