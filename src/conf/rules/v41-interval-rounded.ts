// advert_int that the packet cannot carry.

import { spanAt } from "../keepalived/reading.ts";
import { settingOf } from "../keepalived/section.ts";
import { instanceWith } from "./example-texts.ts";
import type { Configuration, Report, Rule } from "./rule.ts";
import { instancesOf, versionOf } from "./vrrp-blocks.ts";

/** In seconds: what a field of 12 bits holds in centiseconds. */
const version3MaxS = 40.95;

export const intervalRounded: Rule = {
  id: "V41",
  name: "interval-rounded",
  severity: "warning",
  scope: "file",
  check,
  title: "advert_int is not an interval that an advert can carry",
  explanation: [
    "An advert says how often its sender sends. Version 2 has a byte of whole seconds, version 3 twelve bits",
    "of hundredths, up to 40.95 s. Other values are rounded: `advert_int 0.5` in version 2 is one second, so",
    "that failover takes twice or ten times as long as the file promises. keepalived 2.2.7 rounds 0.4 down to",
    "0.",
    "",
    "Write whole seconds, or `version 3` on every node, which also failover in less than a second needs.",
  ].join("\n"),
  bad: [instanceWith("advert_int 0.4"), instanceWith("version 3\nadvert_int 50")],
  good: [instanceWith("advert_int 2"), instanceWith("version 3\nadvert_int 0.2")],
  sources: ["https://github.com/acassen/keepalived/issues/1615"],
};

function check(configuration: Configuration, report: Report): void {
  for (const instance of instancesOf(configuration)) {
    const setting = settingOf(instance.section, "advert_int");
    const ms = setting?.values[0];
    if (setting === undefined || typeof ms !== "number") continue;
    const version = versionOf(configuration, instance);
    const span = spanAt(setting.line, 1);
    const { name } = instance;
    const written = ms / 1000;
    if (version === 3 && written > version3MaxS)
      report(span, {
        message: `version 3 has room for at most ${version3MaxS} seconds, not ${written}`,
        effect: `${version3MaxS} counts`,
        fix: "write a smaller `advert_int`",
        stock: `(${name}) VRRPv3 advertisement interval ${written.toFixed(2)}s is out of range. Must be less than 40.96s. Setting to 40.95s`,
      });
    else if (ms % (version === 3 ? 10 : 1000) !== 0)
      reportRounded(span, name, written, version, report);
  }
}

function reportRounded(
  span: Parameters<Report>[0],
  name: string,
  written: number,
  version: 2 | 3,
  report: Report,
): void {
  const step = version === 3 ? 0.01 : 1;
  const rounded = Number(Math.max(step, Math.round(written / step) * step).toFixed(2));
  const stock =
    version === 2
      ? `(${name}) VRRPv2 advertisement interval ${written.toFixed(6)}s must be an integer. rounding`
      : `(${name}) VRRPv3 advertisement interval ${written.toFixed(6)}s must be in units of 10ms - rounding`;
  report(span, {
    message:
      version === 2
        ? `version 2 counts whole seconds: ${written} becomes ${rounded}`
        : `version 3 counts hundredths of a second: ${written} becomes ${rounded}`,
    ...(version === 2 ? { effect: "a peer with another interval drops these adverts" } : {}),
    fix:
      version === 2
        ? "write whole seconds, or `version 3` on every node"
        : `write \`advert_int ${rounded}\``,
    ...(version === 3 ? { edits: [{ span, newText: String(rounded) }] } : {}),
    stock,
  });
}
