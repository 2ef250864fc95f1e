// Scripts and those who track them.

import type { VrrpInstance } from "../../model/vrrp-instance.ts";
import type { Lowering } from "../keepalived/lower/lowering.ts";
import type { PlacedTrack } from "../keepalived/lower/track-lines.ts";
import type { InstanceDraft } from "../keepalived/lower/vrrp-instance.ts";
import type { PlacedScript } from "../keepalived/lower/vrrp-script.ts";
import { nearestWord } from "../text/nearest-word.ts";
import type { Placed } from "./rule.ts";

/** Returns the instances without the tracking of scripts that do not exist (reported). */
export function checkTrackedScripts(
  instances: readonly Placed<VrrpInstance>[],
  written: {
    readonly instances: readonly InstanceDraft[];
    readonly scripts: readonly PlacedScript[];
  },
  lowering: Lowering,
): readonly VrrpInstance[] {
  const scripts = new Map(written.scripts.map((script) => [script.value.name, script]));
  const tracked = new Set<string>();
  for (const draft of written.instances) {
    for (const track of draft.trackedScripts) {
      tracked.add(track.value.script);
      checkTrack(track, scripts, lowering);
    }
  }
  for (const script of written.scripts)
    if (!tracked.has(script.value.name)) reportUnused(script, lowering);
  return instances.map(({ value }) => ({
    ...value,
    trackedScripts: onceEach(value.trackedScripts).filter(({ script }) => scripts.has(script)),
  }));
}

function onceEach(tracks: VrrpInstance["trackedScripts"]): VrrpInstance["trackedScripts"] {
  return tracks.filter(
    (track, i) => tracks.findIndex((other) => other.script === track.script) === i,
  );
}

function checkTrack(
  track: PlacedTrack,
  scripts: ReadonlyMap<string, PlacedScript>,
  lowering: Lowering,
): void {
  const name = track.value.script;
  const script = scripts.get(name);
  if (script === undefined) {
    const near = nearestWord(name, scripts.keys());
    lowering.report(track.span, {
      severity: "warning",
      code: "unknown-script",
      message: `there is no vrrp_script named \`${name}\``,
      ...(near === undefined ? {} : { label: `did you mean \`${near}\`?` }),
      effect: "nothing is tracked",
      fix: near === undefined ? `define \`vrrp_script ${name}\`` : `write \`${near}\``,
    });
    return;
  }
  if (script.span.file !== track.span.file || script.span.line < track.span.line) return;
  lowering.report(track.span, {
    severity: "warning",
    code: "script-defined-later",
    message: `\`${name}\` is defined below its use`,
    related: [{ span: script.span, label: "defined here" }],
    effect: "Keelson tracks it; keepalived does not find it and tracks nothing",
    fix: "move the definition up",
  });
}

function reportUnused(script: PlacedScript, lowering: Lowering): void {
  lowering.report(script.span, {
    severity: "advice",
    code: "script-not-tracked",
    message: `no instance tracks the script \`${script.value.name}\``,
    effect: "it never runs",
    fix: "name it in `track_script`, or remove it",
  });
}
