// vrrp_script: a program whose exit status is watched. keepalived.conf(5), "VRRP track scripts".

import type { VrrpScript } from "../../../model/vrrp-instance.ts";
import type { Placed } from "../../rules/rule.ts";
import { spanAt } from "../reading.ts";
import { type Setting, settingOf } from "../section.ts";
import { accountOf } from "./programs.ts";
import { commandOf, flagOf, numberOf } from "./setting-values.ts";
import { isReversed } from "./tracking.ts";

/** Reads one vrrp_script; undefined when it has no name or no command (rule X30). */
export function lowerScript(setting: Setting): Placed<VrrpScript> | undefined {
  const { section, line } = setting;
  const name = line.words[1]?.text;
  if (section === undefined || name === undefined) return undefined;
  const script = settingOf(section, "script");
  const command = script === undefined ? [] : commandOf(script);
  if (command[0] === undefined) return undefined;
  const intervalMs = numberOf(section, "interval") || 1000;
  const timeoutMs = numberOf(section, "timeout");
  const user = settingOf(section, "user");
  const value: VrrpScript = {
    name,
    command,
    intervalMs,
    timeoutMs: timeoutMs === 0 ? 1000 : (timeoutMs ?? intervalMs),
    rise: numberOf(section, "rise") ?? 1,
    fall: numberOf(section, "fall") ?? 1,
    weight: numberOf(section, "weight") ?? 0,
    initFail: flagOf(section, "init_fail") ?? false,
    ...(isReversed(section) ? { reverse: true } : {}),
    ...(user === undefined ? {} : accountOf(user, 0)),
  };
  return { value, span: spanAt(line, 1), section };
}
