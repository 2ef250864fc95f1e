// Old spellings that Keelson honours with advice, and about which keepalived 2.2.7 complains.

import { spanAt } from "../conf/keepalived/reading.ts";
import { keywordOf, type Section, type Setting } from "../conf/keepalived/section.ts";
import type { Configuration } from "../conf/rules/rule.ts";
import { eachSetting } from "../conf/rules/script-commands.ts";
import type { Diagnostic } from "../conf/text/diagnostic.ts";

/** What 2.2.7 says, by spelling; `OWNER` stands for the name of the block around. */
const complaints: Readonly<Record<string, string>> = {
  nb_get_retry: "nb_get_retry is deprecated - please use 'retry'",
  lvs_sync_daemon_interface:
    "(OWNER) Specifying lvs_sync_daemon_interface against a vrrp is deprecated.",
  linkbeat_use_polling:
    "(OWNER) 'linkbeat_use_polling' in vrrp instance deprecated - use linkbeat_interfaces block",
  global_tracking:
    "(OWNER) global_tracking is deprecated. Use track_interface/script/file on the sync group",
};

/** The findings, and what keepalived says about spellings that it gave up, or never knew. */
export function withOldSpellings(
  configuration: Configuration,
  diagnostics: readonly Diagnostic[],
): readonly Diagnostic[] {
  const more: Diagnostic[] = [];
  for (const owner of configuration.root.settings)
    if (owner.section !== undefined)
      eachSetting(owner.section, (setting, section) => {
        const stock = complaintAbout(setting, section, owner);
        if (stock === undefined) return;
        const message = `\`${setting.spec.name}\` is deprecated`;
        const span = spanAt(setting.line, 0);
        more.push({ severity: "advice", code: "V50", message, span, stock });
      });
  const told = new Set(more.map(({ span }) => `${span.line} ${span.file}`));
  const isTold = ({ code, span }: Diagnostic): boolean =>
    code === "V50" && told.has(`${span.line} ${span.file}`);
  return [...diagnostics.filter((one) => !isTold(one)), ...more];
}

function complaintAbout({ spec }: Setting, around: Section, owner: Setting): string | undefined {
  if (spec.deprecated === undefined) return undefined;
  // Spellings of other versions that 2.2.7 does not have where they stand here.
  if (spec.ours === true) return `Unknown keyword '${spec.name}'`;
  if (spec.name === "linkbeat_use_polling" && around.spec.path !== "vrrp_instance")
    return undefined;
  const name = owner.line.words[1]?.text ?? keywordOf(owner);
  return complaints[spec.name]?.replace("OWNER", name);
}
