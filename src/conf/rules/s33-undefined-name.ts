// S33: names that refer to a block which does not exist, wherever no other rule speaks of them.

import { hasParameter, spanAt } from "../keepalived/reading.ts";
import { keywordOf, type Setting } from "../keepalived/section.ts";
import type { ArgumentSpec } from "../keepalived/table/keyword-spec.ts";
import type { Span } from "../text/diagnostic.ts";
import { nearestWord } from "../text/nearest-word.ts";
import { instanceWith, virtualServerCheckedBy } from "./example-texts.ts";
import { notableSettings } from "./notable-settings.ts";
import type { Configuration, Report, Rule } from "./rule.ts";

const staticAddress = (group: string): string =>
  `track_group tg {\n    group {\n        VI_1\n    }\n}\nstatic_ipaddress {\n    192.0.2.1/24 dev eth0 track_group ${group}\n}\n${instanceWith("")}`;

export const undefinedName: Rule = {
  id: "S33",
  name: "undefined-name",
  severity: "error",
  scope: "file",
  check,
  title: "a name refers to a block that does not exist",
  explanation: [
    "A `FILE_CHECK` follows a `track_file` by its name, a `BFD_CHECK` a `bfd_instance`; a static address, route or rule",
    "names a `track_group`, and that the instances which follow it. Where there is no block of that name, nothing is",
    "followed: the check is left out, or nobody leaves MASTER when the address goes away.",
    "",
    "Write the name as it stands behind the block's keyword, letter case and all; the finding names the nearest one.",
    "The members of sync groups, the names in `track_*` blocks and groups of virtual servers have rules of their own.",
  ].join("\n"),
  bad: [staticAddress("tgg"), virtualServerCheckedBy("BFD_CHECK {\n    name nobody\n}")],
  good: [staticAddress("tg")],
  sources: ["https://www.keepalived.org/manpage.html"],
};

/** Keywords whose names other rules look up. */
const ofOtherRules: ReadonlySet<string> = new Set([
  "track_script",
  "track_process",
  "track_bfd",
  "lvs_sync_daemon",
  "virtual_server",
  "vrrp_sync_group group",
]);

interface Use {
  readonly to: string;
  readonly name: string;
  readonly span: Span;
}

function check(configuration: Configuration, report: Report): void {
  const defined = new Map<string, Set<string>>();
  for (const setting of configuration.root.settings) {
    const name = setting.line.text(1);
    if (name === undefined) continue;
    const keyword = keywordOf(setting);
    const names = defined.get(keyword);
    if (names === undefined) defined.set(keyword, new Set([name]));
    else names.add(name);
  }
  for (const { setting, section } of notableSettings(configuration.root)) {
    if (setting.entries === undefined && !setting.spec.arguments.some(isReference)) continue;
    // Inside an instance or a sync group `track_file` holds names that are tracked, which X11 looks up.
    if (ofOtherRules.has(setting.spec.name)) continue;
    if (ofOtherRules.has(`${section.spec.path} ${setting.spec.name}`)) continue;
    if (setting.spec.name === "track_file" && setting.entries !== undefined) continue;
    for (const use of usesOf(setting)) {
      const names = defined.get(use.to);
      if (names?.has(use.name) !== true && !hasParameter(use.name))
        reportUndefined(use, names ?? [], report);
    }
  }
}

function isReference({ value }: ArgumentSpec): boolean {
  return value.kind === "reference";
}

/** The names that a line, or the lines of its block, refer to. */
function usesOf(setting: Setting): readonly Use[] {
  const uses = usesIn(setting, 1, setting.spec.arguments);
  for (const entry of setting.entries ?? []) {
    uses.push(...usesIn(entry, 0, entry.spec.leading));
    for (const option of entry.options) {
      const spec = entry.spec.options.find(({ name }) => name === option.name);
      uses.push(...usesIn(entry, option.wordIndex + 1, spec?.arguments ?? []));
    }
  }
  return uses;
}

function usesIn(
  { line }: Pick<Setting, "line">,
  from: number,
  list: readonly ArgumentSpec[],
): Use[] {
  const uses: Use[] = [];
  for (const [i, { value, repeats }] of list.entries()) {
    if (value.kind !== "reference") continue;
    const end = repeats === true ? line.words.length : from + i + 1;
    for (let index = from + i; index < end; index++) {
      const name = line.words[index]?.text;
      if (name !== undefined) uses.push({ to: value.to, name, span: spanAt(line, index) });
    }
  }
  return uses;
}

function reportUndefined(use: Use, names: Iterable<string>, report: Report): void {
  const { to, name, span } = use;
  const near = nearestWord(name, names);
  report(span, {
    message: `there is no ${to} named \`${name}\``,
    ...(near === undefined
      ? { fix: `define \`${to} ${name}\`` }
      : {
          label: `did you mean \`${near}\`?`,
          fix: `write \`${near}\``,
          edits: [{ span, newText: near }],
        }),
    effect: to === "vrrp_instance" ? "it follows nothing" : "nothing is followed here",
    stock: `${to} ${name} not found`,
  });
}
