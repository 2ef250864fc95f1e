// Values of settings as the types of the model: the table has made sure of them.

import type { IpAddress } from "../../../base/address.ts";
import type { ForwardingMethod } from "../../../model/virtual-server.ts";
import { type Section, type Setting, settingOf } from "../section.ts";
import type { SettingValue } from "../table/keyword-spec.ts";
import { splitCommand } from "./command.ts";

/** A number, or nothing when the word could not be read. */
export function asNumber(value: SettingValue | undefined): number | undefined {
  return typeof value === "number" ? value : undefined;
}

/** A text. */
export function asText(value: SettingValue | undefined): string | undefined {
  return typeof value === "string" ? value : undefined;
}

/** An address; only for arguments of that kind. */
export function asAddress(value: SettingValue | undefined): IpAddress | undefined {
  return typeof value === "string" ? (value as IpAddress) : undefined;
}

/** A forwarding method that the model has. */
export function asForwarding(value: SettingValue | undefined): ForwardingMethod | undefined {
  return value === "NAT" || value === "DR" || value === "TUN" || value === "FULLNAT"
    ? value
    : undefined;
}

/** A keyword without argument, or with on or off: undefined when the word is neither. */
export function asFlag(setting: Setting): boolean | undefined {
  const value = setting.values[0];
  if (typeof value === "boolean") return value;
  return setting.spec.arguments.length === 0 || setting.line.wordCount < 2 ? true : undefined;
}

/** The number that counts for a keyword. */
export function numberOf(section: Section, keyword: string): number | undefined {
  return asNumber(settingOf(section, keyword)?.values[0]);
}

/** The text that counts for a keyword. */
export function textOf(section: Section, keyword: string): string | undefined {
  return asText(settingOf(section, keyword)?.values[0]);
}

/** The address that counts for a keyword. */
export function addressOf(section: Section, keyword: string): IpAddress | undefined {
  return asAddress(settingOf(section, keyword)?.values[0]);
}

/** On, off, or not said. */
export function flagOf(section: Section, keyword: string): boolean | undefined {
  const setting = settingOf(section, keyword);
  return setting === undefined ? undefined : asFlag(setting);
}

/** The program of a command and its arguments: quoted it is split, unquoted it is one word. */
export function commandOf(setting: Setting): readonly string[] {
  const word = setting.line.words[1];
  if (word === undefined) return [];
  return word.quoted ? splitCommand(word.text) : [word.text];
}

/** Properties without those that are undefined: what is absent in the text is absent in the model. */
export function given<Properties extends object>(properties: Properties): Given<Properties> {
  const kept = Object.entries(properties).filter(([, value]) => value !== undefined);
  return Object.fromEntries(kept) as Given<Properties>;
}

type Given<Properties> = { [Key in keyof Properties]?: Exclude<Properties[Key], undefined> };
