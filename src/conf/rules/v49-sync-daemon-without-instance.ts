// lvs_sync_daemon: connections are copied while an instance is MASTER; which one?

import { hasParameter, spanAt } from "../keepalived/reading.ts";
import { nearestWord } from "../text/nearest-word.ts";
import { instanceWith } from "./example-texts.ts";
import type { Configuration, Report, Rule } from "./rule.ts";
import { globalSetting, instancesOf } from "./vrrp-blocks.ts";

const global = (words: string): string =>
  `global_defs {\n    lvs_sync_daemon ${words}\n}\n${instanceWith("")}`;

export const syncDaemonWithoutInstance: Rule = {
  id: "V49",
  name: "sync-daemon-without-instance",
  severity: "warning",
  scope: "file",
  check,
  title: "lvs_sync_daemon names no instance, or none that exists",
  explanation: [
    "Connections are copied from the MASTER of one instance to the others, so that they survive a failover.",
    "The second word says which instance that is. With a name that does not exist nobody ever sends: the",
    "check says nothing, and the failover breaks every connection. Without a name this node sends and",
    "receives all the time, whoever is MASTER, as keepalived does it.",
    "",
    "Write `lvs_sync_daemon INTERFACE INSTANCE id N`, with the same id on all nodes.",
  ].join("\n"),
  bad: [global("eth0 VI_9"), global("eth0")],
  good: [global("eth0 VI_1 id 3")],
  sources: [
    "https://github.com/acassen/keepalived/issues/1819",
    "https://github.com/acassen/keepalived/issues/98",
  ],
};

/** Words that stand behind the instance's name, and that are none. */
const options: ReadonlySet<string> = new Set(["id", "inst", "port", "ttl", "group", "maxlen"]);

function check(configuration: Configuration, report: Report): void {
  const setting = globalSetting(configuration, "lvs_sync_daemon");
  if (setting === undefined) return;
  const at = setting.line.words.findIndex(({ text }) => text === "inst");
  const index = at < 0 ? 2 : at + 1;
  const word = setting.line.words[index]?.text;
  const names = instancesOf(configuration).map(({ name }) => name);
  const effect = "connections are not copied to the other node";
  if (word === undefined || (index === 2 && options.has(word))) {
    const [only, second] = names;
    report(spanAt(setting.line, 0), {
      message: "`lvs_sync_daemon` names no instance",
      effect:
        "this node sends its connections and takes those of others all the time, MASTER or not",
      fix:
        only !== undefined && second === undefined
          ? `write \`lvs_sync_daemon ${setting.line.words[1]?.text ?? "INTERFACE"} ${only}\``
          : "name the instance whose MASTER sends them",
    });
    return;
  }
  if (names.includes(word) || hasParameter(word)) return;
  const near = nearestWord(word, names);
  const span = spanAt(setting.line, index);
  report(span, {
    message: `there is no vrrp_instance named \`${word}\``,
    ...(near === undefined ? {} : { label: `did you mean \`${near}\`?` }),
    effect,
    fix: near === undefined ? "name an instance of this file" : `write \`${near}\``,
    ...(near === undefined ? {} : { edits: [{ span, newText: near }] }),
  });
}
