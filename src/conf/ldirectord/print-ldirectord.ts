// A configuration as text that reads as the same configuration.

import type {
  Comments,
  LdirectordConfiguration,
  Setting,
  VirtualSection,
} from "./configuration.ts";
import { specOf } from "./directives.ts";
import { virtualTarget } from "./virtual-form.ts";

/** Prints a file: global directives first, then the virtual servers. Lines without a value are left out. */
export function printLdirectord(configuration: LdirectordConfiguration): string {
  const lines: string[] = [];
  for (const setting of configuration.settings) printSetting(setting, "", lines);
  for (const section of configuration.virtuals) printSection(section, lines);
  for (const comment of configuration.commentsBelow) lines.push(commentLine(comment, ""));
  return lines.map((line) => `${line}\n`).join("");
}

function printSection(section: VirtualSection, lines: string[]): void {
  if (section.target === undefined) return;
  const name = section.family === 6 ? "virtual6" : "virtual";
  printLine(`${name}=${virtualTarget.print(section.target)}`, "", section.comments, lines);
  for (const setting of section.settings) printSetting(setting, "\t", lines);
}

function printSetting(setting: Setting, indent: string, lines: string[]): void {
  if (setting.value === undefined) return;
  const { value: form } = specOf(setting.name);
  printLine(`${setting.name}=${form.print(setting.value)}`, indent, setting.comments, lines);
}

function printLine(text: string, indent: string, comments: Comments, lines: string[]): void {
  for (const comment of comments.above) lines.push(commentLine(comment, indent));
  const beside = comments.beside === undefined ? "" : ` # ${comments.beside}`;
  lines.push(`${indent}${text}${beside}`);
}

function commentLine(comment: string, indent: string): string {
  return comment === "" ? `${indent}#` : `${indent}# ${comment}`;
}
