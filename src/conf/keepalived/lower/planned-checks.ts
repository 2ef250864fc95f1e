// Checks that no prober serves yet: SSL_GET, SMTP_CHECK, DNS_CHECK, UDP_CHECK, PING_CHECK, MISC_CHECK, FILE_CHECK, BFD_CHECK.

import type { PlannedCheck } from "../../../model/check.ts";
import type { CheckTarget, CheckTiming } from "../../../model/virtual-server.ts";
import { settingOf } from "../section.ts";
import type { CheckDraft } from "./checks.ts";
import { accountOf } from "./programs.ts";
import { commandOf, flagOf, given, numberOf, textOf } from "./setting-values.ts";
import { isReversed } from "./tracking.ts";

const replyBytesMaxDefault = 255;

/** What a check that nobody runs yet wishes for; undefined when it names nothing to check. */
export function planCheck(
  check: CheckDraft,
  timing: CheckTiming,
  target: CheckTarget,
): PlannedCheck | undefined {
  const { section } = check;
  const base = { timing, ...given({ alpha: flagOf(section, "alpha") }) };
  switch (check.kind) {
    case "TCP_CHECK":
    case "HTTP_GET":
      return undefined;
    case "PING_CHECK":
      return { ...base, kind: check.kind, address: target.address };
    case "MISC_CHECK":
      return planProgram(check, timing, base);
    case "FILE_CHECK": {
      const file = textOf(section, "track_file");
      const weight = numberOf(section, "weight");
      if (file === undefined) return undefined;
      const turned = weight === undefined ? {} : { weight, reverse: isReversed(section) };
      return { ...base, kind: check.kind, file, ...turned };
    }
    case "BFD_CHECK": {
      const session = textOf(section, "name");
      return session === undefined ? undefined : { ...base, kind: check.kind, session };
    }
    default:
      return target.port === 0 ? undefined : planConnection(check, base, target);
  }
}

type Base = { readonly timing: CheckTiming; readonly alpha?: boolean };

function planConnection(
  check: CheckDraft,
  base: Base,
  target: CheckTarget,
): PlannedCheck | undefined {
  const { section } = check;
  const connecting = {
    ...base,
    target,
    ...given({
      bindInterface: textOf(section, "bind_if"),
      fwmark: numberOf(section, "fwmark"),
    }),
  };
  switch (check.kind) {
    case "SSL_GET": {
      if (check.requests.length === 0) return undefined;
      const serverName = flagOf(section, "enable_sni") ?? false;
      return { ...connecting, kind: check.kind, requests: check.requests, serverName };
    }
    case "SMTP_CHECK":
      return {
        ...connecting,
        kind: check.kind,
        ...given({ heloName: textOf(section, "helo_name") }),
      };
    case "DNS_CHECK": {
      const question = {
        type: textOf(section, "type") ?? "SOA",
        name: textOf(section, "name") ?? ".",
      };
      return { ...connecting, kind: check.kind, question };
    }
    case "UDP_CHECK":
      return {
        ...connecting,
        kind: check.kind,
        ...given({
          payload: digitsOf(check, "payload"),
          reply: digitsOf(check, "require_reply"),
        }),
        replyBytesMin: numberOf(section, "min_reply_length") ?? 0,
        replyBytesMax: numberOf(section, "max_reply_length") ?? replyBytesMaxDefault,
      };
    default:
      return undefined;
  }
}

/** Groups of hexadecimal digits as one. */
function digitsOf(check: CheckDraft, keyword: string): string | undefined {
  const setting = settingOf(check.section, keyword);
  return setting?.values.filter((value) => typeof value === "string").join("");
}

function planProgram(check: CheckDraft, timing: CheckTiming, base: Base): PlannedCheck | undefined {
  const { section } = check;
  const path = settingOf(section, "misc_path");
  const user = settingOf(section, "user");
  const command = path === undefined ? [] : commandOf(path);
  if (command.length === 0) return undefined;
  return {
    ...base,
    kind: "MISC_CHECK",
    program: { command, ...(user === undefined ? {} : accountOf(user, 0)) },
    timeoutMs: numberOf(section, "misc_timeout") || timing.delayLoopMs,
    dynamicWeight: flagOf(section, "misc_dynamic") ?? false,
  };
}
