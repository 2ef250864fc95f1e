// L19: a check whose connection may take longer than the time between two checks.

import { spanAt } from "../keepalived/reading.ts";
import { type Section, type Setting, settingOf } from "../keepalived/section.ts";
import { virtualServerWith } from "./example-texts.ts";
import type { Configuration, Report, Rule } from "./rule.ts";
import {
  keywordSpan,
  realServerName,
  type WrittenRealServer,
  type WrittenVirtualServer,
  writtenVirtualServers,
} from "./written-virtual-servers.ts";

export const slowDetection: Rule = {
  id: "L19",
  name: "slow-detection",
  severity: "warning",
  scope: "file",
  check,
  title: "a dead server is noticed much later than `delay_loop` suggests",
  explanation: [
    "A server whose machine is gone refuses nothing: the check waits for its whole `connect_timeout`, and so does every",
    "further attempt (`retry`, one unless written, `delay_before_retry` apart). In the worst case the server dies right",
    "after a check, so that `delay_loop` comes on top. A `connect_timeout` of at least the `delay_loop` makes the time until",
    "clients are spared a multiple of what the file seems to say; the finding tells it.",
    "",
    "A server in the same network answers within milliseconds: one to three seconds are ample. Keep it long for servers",
    "far away, and know the time.",
  ].join("\n"),
  bad: [virtualServerWith("").replace("connect_timeout 3", "connect_timeout 10")],
  good: [virtualServerWith("")],
  sources: ["https://www.keepalived.org/manpage.html"],
};

const timedChecks: ReadonlySet<string> = new Set([
  "TCP_CHECK",
  "HTTP_GET",
  "SSL_GET",
  "SMTP_CHECK",
  "DNS_CHECK",
  "UDP_CHECK",
  "PING_CHECK",
]);

function check(configuration: Configuration, report: Report): void {
  for (const server of writtenVirtualServers(configuration)) judge(server, report);
}

/** One finding a virtual server: its servers mostly have the same timers. */
function judge(server: WrittenVirtualServer, report: Report): void {
  let first: { real: WrittenRealServer; check: Setting; timeout: Setting } | undefined;
  let count = 0;
  for (const real of server.realServers)
    for (const check of real.checks) {
      if (check.section === undefined || !timedChecks.has(check.spec.name)) continue;
      const timeout = timer("connect_timeout", check.section, real, server);
      const timeoutMs = valueMs(timeout, 5000);
      if (timeout === undefined || timeoutMs < 1000) continue;
      if (timeoutMs < valueMs(timer("delay_loop", check.section, real, server), 60_000)) continue;
      count++;
      first ??= { real, check, timeout };
    }
  if (first === undefined) return;
  const { real, check, timeout } = first;
  const seconds = worstCaseMs(check, real, server) / 1000;
  report(spanAt(timeout.line, 0), {
    message: `\`connect_timeout\` is not less than \`delay_loop\``,
    label: `a dead ${realServerName(real)} is noticed after up to ${seconds} s`,
    ...(server.settings.has("delay_loop")
      ? { related: [{ span: keywordSpan(server, "delay_loop"), label: "time between two checks" }] }
      : {}),
    effect:
      count > 1
        ? `clients are sent to a dead server for up to ${seconds} s; so with ${count} checks of this virtual server`
        : `clients are sent to a dead server for up to ${seconds} s`,
    fix: "write `connect_timeout 3` or less",
  });
}

/** The time from the death of a machine until its check has failed. */
function worstCaseMs(
  check: Setting,
  real: WrittenRealServer,
  server: WrittenVirtualServer,
): number {
  const section = check.section ?? real.section;
  const find = (keyword: string): Setting | undefined => timer(keyword, section, real, server);
  const kind = check.spec.name;
  const delayLoopMs = valueMs(find("delay_loop"), 60_000);
  const timeoutMs = valueMs(find("connect_timeout"), 5000);
  const retries = valueMs(find("retry"), kind === "DNS_CHECK" ? 3 : 1);
  const http = kind === "HTTP_GET" || kind === "SSL_GET";
  const pauseMs = valueMs(
    find("delay_before_retry"),
    kind === "DNS_CHECK" ? delayLoopMs : http ? 3000 : 1000,
  );
  return delayLoopMs + timeoutMs + retries * (pauseMs + timeoutMs);
}

/** The innermost setting of a timer: of the check, the real server or the virtual server. */
function timer(
  keyword: string,
  check: Section,
  real: WrittenRealServer,
  server: WrittenVirtualServer,
): Setting | undefined {
  return (
    settingOf(check, keyword) ?? settingOf(real.section, keyword) ?? server.settings.get(keyword)
  );
}

function valueMs(setting: Setting | undefined, otherwise: number): number {
  const value = setting?.values[0];
  return typeof value === "number" ? value : otherwise;
}
