// Addresses that VRRP instances and global blocks give to the directors, with their places.

import { type IpAddress, parseIpAddress } from "../../base/address.ts";
import { spanAt } from "../keepalived/reading.ts";
import type { Entry, Setting } from "../keepalived/section.ts";
import type { Span } from "../text/diagnostic.ts";
import type { Configuration } from "./rule.ts";

/** An address that a director holds, at all times or while an instance is MASTER. */
export interface HeldAddress {
  readonly address: IpAddress;
  /** Absent when none is written: the address stands alone. */
  readonly prefixLength?: number;
  readonly span: Span;
  /** The interface that the line names [dev]. */
  readonly device?: string;
  /** `static` ones are there in every state. */
  readonly kind: "virtual" | "excluded" | "static";
}

const kinds: Readonly<Record<string, HeldAddress["kind"]>> = {
  virtual_ipaddress: "virtual",
  virtual_ipaddress_excluded: "excluded",
  static_ipaddress: "static",
};

/** The addresses that a file makes its director hold, in the order of the text; those that can be read. */
export function heldAddresses(configuration: Pick<Configuration, "root">): readonly HeldAddress[] {
  const found: HeldAddress[] = [];
  for (const setting of configuration.root.settings) {
    addEntries(setting, found);
    if (setting.spec.name !== "vrrp_instance") continue;
    for (const inner of setting.section?.settings ?? []) addEntries(inner, found);
  }
  return found;
}

function addEntries(setting: Setting, found: HeldAddress[]): void {
  const kind = kinds[setting.spec.name];
  if (kind === undefined) return;
  for (const entry of setting.entries ?? []) {
    const held = readHeld(entry, kind);
    if (held !== undefined) found.push(held);
  }
}

function readHeld(entry: Entry, kind: HeldAddress["kind"]): HeldAddress | undefined {
  const text = entry.leading[0];
  if (typeof text !== "string") return undefined;
  const slash = text.indexOf("/");
  const parsed = parseIpAddress(slash < 0 ? text : text.slice(0, slash));
  if (!parsed.ok) return undefined;
  const device = entry.options.find(({ name }) => name === "dev")?.values[0];
  return {
    address: parsed.value,
    ...(slash < 0 ? {} : { prefixLength: Number(text.slice(slash + 1)) }),
    span: spanAt(entry.line, 0),
    ...(typeof device === "string" ? { device } : {}),
    kind,
  };
}

/** True when a list of addresses has a line that could not be read: then nobody knows what is not in it. */
export function hasUnreadAddress(configuration: Pick<Configuration, "root">): boolean {
  const unread = (setting: Setting): boolean =>
    kinds[setting.spec.name] !== undefined &&
    (setting.entries ?? []).some(({ leading }) => leading[0] === undefined);
  return configuration.root.settings.some(
    (setting) => unread(setting) || setting.section?.settings.some(unread) === true,
  );
}
