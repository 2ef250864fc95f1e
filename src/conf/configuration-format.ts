// Which of the three formats a text has: told by what stands in it, and by the name of the file where that says
// nothing.

import { commandWords } from "./ipvsadm/rule-options.ts";
import { directiveOf } from "./ldirectord/directives.ts";

export type ConfigurationFormat = "keepalived" | "ldirectord" | "ipvsadm";

/** The format of a text; keepalived.conf when nothing speaks for another one. */
export function formatOf(path: string, text: string): ConfigurationFormat {
  if (/^virtual6?[ \t]*=/m.test(text)) return "ldirectord";
  const line = /^[ \t]*([^\s#!][^\n]*)/m.exec(text)?.[1] ?? "";
  const [first = "", second = ""] = line.split(/\s+/);
  if (commandWords.has(first === "ipvsadm" ? second : first)) return "ipvsadm";
  // A brace says more than a name does.
  if (/^[^#!\n]*\{/m.test(text)) return "keepalived";
  const name = path.slice(path.lastIndexOf("/") + 1);
  if (/\.cf$|ldirectord/.test(name) || directiveOf(line.split("=")[0]?.trim() ?? "") !== undefined)
    return "ldirectord";
  return /ipvsadm|\.rules$/.test(name) ? "ipvsadm" : "keepalived";
}
