// witness blocks, and the witnesses that an instance needs.

import type { Witness, WitnessNeed, WitnessProbe } from "../../../model/witness.ts";
import { type Section, type Setting, settingOf } from "../section.ts";
import { addressOf, asAddress, asNumber, asText, numberOf } from "./setting-values.ts";
import { entriesOf } from "./vrrp-instance.ts";

/** Reads one witness; undefined when it has no name or asks nothing. */
export function lowerWitness(setting: Setting): Witness | undefined {
  const { section, line } = setting;
  const name = line.words[1]?.text;
  const probe = section && probeOf(section);
  if (section === undefined || name === undefined || probe === undefined) return undefined;
  const intervalMs = numberOf(section, "interval") || 1000;
  return {
    name,
    probe,
    intervalMs,
    timeoutMs: numberOf(section, "timeout") || intervalMs,
    rise: numberOf(section, "rise") ?? 1,
    fall: numberOf(section, "fall") ?? 3,
  };
}

function probeOf(section: Section): WitnessProbe | undefined {
  const pinged = addressOf(section, "ping");
  if (pinged !== undefined) return { kind: "ping", address: pinged };
  for (const kind of ["tcp", "http"] as const) {
    const [first, second, third] = settingOf(section, kind)?.values ?? [];
    const address = asAddress(first);
    const port = asNumber(second);
    if (address === undefined || port === undefined) continue;
    return kind === "tcp"
      ? { kind, address, port }
      : { kind, address, port, path: asText(third) ?? "/" };
  }
  return undefined;
}

/** The witnesses of an instance; undefined when it needs none. */
export function witnessNeedOf(section: Section): WitnessNeed | undefined {
  const names = entriesOf(section, "track_witness").flatMap(({ leading }) => {
    const name = asText(leading[0]);
    return name === undefined ? [] : [name];
  });
  if (names.length === 0) return undefined;
  return { names, quorum: numberOf(section, "witness_quorum") ?? 1 };
}
