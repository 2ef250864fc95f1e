// One real server with different checks.

import { spanAt } from "../keepalived/reading.ts";
import type { Setting } from "../keepalived/section.ts";
import { virtualServerCheckedBy, virtualServerWith } from "./example-texts.ts";
import type { Configuration, Report, Rule } from "./rule.ts";
import { meaningOf, type ServerPart, sharedServersOf } from "./shared-virtual-servers.ts";
import {
  nameSpan,
  realServerName,
  type WrittenRealServer,
  writtenName,
} from "./written-virtual-servers.ts";

const low = (text: string): string => text.replace("priority 100", "priority 90");

export const checksDiffer: Rule = {
  id: "P12",
  name: "checks-differ",
  severity: "advice",
  scope: "pair",
  check,
  title: "a real server has different checks on the nodes",
  explanation: [
    "Whether a real server counts as alive then depends on the node: one asks for a page and the other for a",
    "connection, or one gives up after three seconds and the other after thirty. A failover takes servers",
    "out, or brings dead ones back.",
    "",
    "Write the same checks on all nodes. Where the nodes reach the servers in different ways, a different",
    "`bindto` is meant and not reported.",
  ].join("\n"),
  bad: [
    [virtualServerWith(""), low(virtualServerCheckedBy("TCP_CHECK {\n    connect_timeout 10\n}"))],
  ],
  good: [[virtualServerWith(""), low(virtualServerWith(""))]],
  sources: ["https://www.keepalived.org/manpage.html"],
};

function check(nodes: readonly Configuration[], report: Report): void {
  for (const [first, part] of sharedServersOf(nodes)) {
    const others = new Map(first.server.realServers.map((real) => [realServerName(real), real]));
    for (const real of part.server.realServers) {
      const other = others.get(realServerName(real));
      if (other !== undefined) compare(real, other, [part, first], report);
    }
  }
}

function compare(
  real: WrittenRealServer,
  other: WrittenRealServer,
  [part, first]: readonly [ServerPart, ServerPart],
  report: Report,
): void {
  const [here, there] = [real.checks.map(textOf), other.checks.map(textOf)];
  const index = here.findIndex((text) => !there.includes(text));
  const missing = there.findIndex((text) => !here.includes(text));
  if (index < 0 && missing < 0) return;
  const setting = real.checks[index];
  const against = other.checks[missing];
  const name = `${realServerName(real)} of ${writtenName(part.server)}`;
  report(setting === undefined ? nameSpan(real) : spanAt(setting.line, 0), {
    message: `the checks of ${name} differ between ${first.nodeName} and ${part.nodeName}`,
    ...labelOf(setting, against, part.nodeName),
    related: [
      {
        span: against === undefined ? nameSpan(other) : spanAt(against.line, 0),
        label:
          against === undefined
            ? `no such check on ${first.nodeName}`
            : (labelOf(against, setting, first.nodeName).label ?? `on ${first.nodeName}`),
      },
    ],
    effect: "whether the server counts as alive depends on who is MASTER",
    fix: "write the same checks on all nodes",
  });
}

/** What a check asks, without the address from which it does. */
function textOf(setting: Setting): string {
  const { section } = setting;
  if (section === undefined) return setting.spec.name;
  const settings = section.settings.filter(
    ({ spec }) => !["bindto", "bind_if"].includes(spec.name),
  );
  return `${setting.spec.name}\n${meaningOf({ ...section, settings })}`;
}

/** What one check says and the other one does not. */
function labelOf(
  setting: Setting | undefined,
  other: Setting | undefined,
  nodeName: string,
): { readonly label?: string } {
  if (setting === undefined) return {};
  if (other?.spec.name !== setting.spec.name)
    return { label: `${setting.spec.name} on ${nodeName}` };
  const there = new Set((other.section?.settings ?? []).map(wordsOf));
  const only = (setting.section?.settings ?? []).map(wordsOf).filter((text) => !there.has(text));
  const shown = only.slice(0, 3).map((text) => `\`${text}\``);
  return { label: only.length === 0 ? `on ${nodeName}` : `${shown.join(", ")} on ${nodeName}` };
}

function wordsOf({ line }: Setting): string {
  return line.words.map(({ text }) => text).join(" ");
}
