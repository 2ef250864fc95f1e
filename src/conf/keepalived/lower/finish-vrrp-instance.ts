// From the keywords of a vrrp_instance to the instance: defaults, global settings, and keepalived's reading of what
// cannot go together. What is said about that are the rules V01 and up.

import { familyOf, type IpAddress, parseIpAddress } from "../../../base/address.ts";
import { present } from "../../../base/assert.ts";
import type {
  VirtualAddress,
  VrrpAuthentication,
  VrrpInstance,
} from "../../../model/vrrp-instance.ts";
import { finishGarp } from "./garp.ts";
import type { GlobalDraft } from "./global-defs.ts";
import { familyOfSection } from "./instance-family.ts";
import { flagOf, given } from "./setting-values.ts";
import type { InstanceDraft } from "./vrrp-instance.ts";

/** The longest interval that an advert of version 3 can carry, in centiseconds. */
const version3IntervalMaxCs = 4095;

const loopback = "lo";

/** The instance; undefined when it lacks what it cannot run without. */
export function finishInstance(
  draft: InstanceDraft,
  global: GlobalDraft,
): VrrpInstance | undefined {
  const { name, interface: networkInterface, vrid } = draft;
  if (networkInterface === undefined || vrid === undefined) return undefined;
  // Nobody hears adverts there (rule V34).
  if (networkInterface === loopback) return undefined;
  const family = familyOfSection(draft.section);
  const version = family === 6 ? 3 : (draft.version ?? global.version ?? 2);
  const priority = priorityOf(draft);
  const initialState = draft.state ?? (priority === 255 ? "MASTER" : "BACKUP");
  const sourceAddress = ofFamily(draft.sourceAddress, family);
  return {
    name,
    interface: networkInterface,
    vrid,
    version,
    family,
    initialState,
    priority,
    advertIntervalCs: advertIntervalOf(draft, version),
    authentication: authenticationOf(draft, global, version),
    ...preemptionOf(draft, initialState === "MASTER", priority),
    ...(sourceAddress === undefined ? {} : { sourceAddress }),
    multicastGroup: multicastGroupOf(draft, global, family),
    virtualAddresses: ownFamily(draft, family),
    excludedAddresses: draft.excluded.map((placed) => placed.value),
    trackedScripts: draft.trackedScripts.map(({ name: script, weight, reverse }) => ({
      script,
      ...given({ weight, reverse }),
    })),
    trackedInterfaces: draft.trackedInterfaces.map((track) => ({
      interface: track.name,
      weight: track.weight ?? 0,
      ...given({ reverse: track.reverse }),
    })),
    garp: finishGarp(draft, global),
    ...secondFamilyOf(draft, family),
  };
}

/** With `dual_stack`, the addresses that are not of the instance's own family. */
function secondFamilyOf(draft: InstanceDraft, family: 4 | 6): Pick<VrrpInstance, "options"> {
  if (flagOf(draft.section, "dual_stack") !== true) return {};
  const secondFamily = ownFamily(draft, family === 4 ? 6 : 4);
  return secondFamily.length === 0 ? {} : { options: { secondFamily } };
}

/** The addresses of the instance's family, each once. */
function ownFamily(draft: InstanceDraft, family: 4 | 6): readonly VirtualAddress[] {
  const seen = new Set<IpAddress>();
  const kept: VirtualAddress[] = [];
  for (const { value } of draft.addresses) {
    if (familyOf(value.address) === family && !seen.has(value.address)) kept.push(value);
    seen.add(value.address);
  }
  return kept;
}

/** A MASTER without priority owns its addresses, as with keepalived. */
function priorityOf(draft: InstanceDraft): number {
  if (draft.priority !== undefined) return draft.priority;
  return draft.state === "MASTER" && !draft.namesPriority ? 255 : 100;
}

/** `nopreempt` and `preempt_delay` do not go with a MASTER from the start, nor with each other. */
function preemptionOf(
  draft: InstanceDraft,
  master: boolean,
  priority: number,
): { readonly preempt: boolean; readonly preemptDelayMs: number } {
  const nopreempt = draft.nopreempt && !master && priority !== 255;
  const delayed = !nopreempt && !master;
  return { preempt: !nopreempt, preemptDelayMs: delayed ? (draft.preemptDelayMs ?? 0) : 0 };
}

/** Centiseconds that the version's field can carry: whole seconds in version 2. */
function advertIntervalOf(draft: InstanceDraft, version: 2 | 3): number {
  const written = draft.advertIntervalS ?? 1;
  if (version === 2) return Math.max(1, Math.round(written)) * 100;
  return Math.min(version3IntervalMaxCs, Math.max(1, Math.round(written * 100)));
}

/** Neither version 3 nor the strict mode has authentication (rules V07 and V08). */
function authenticationOf(
  draft: InstanceDraft,
  global: GlobalDraft,
  version: 2 | 3,
): VrrpAuthentication {
  const { type, password } = draft.authentication ?? {};
  const strict = flagOf(draft.section, "strict_mode") ?? global.strict ?? false;
  if (version === 3 || strict || type === undefined || password === undefined || password === "")
    return { type: "none" };
  return { type, password };
}

/** What is of the other family is ignored, as with keepalived (rule V22). */
function ofFamily(address: IpAddress | undefined, family: 4 | 6): IpAddress | undefined {
  return address !== undefined && familyOf(address) === family ? address : undefined;
}

function multicastGroupOf(draft: InstanceDraft, global: GlobalDraft, family: 4 | 6): IpAddress {
  if (draft.multicastGroup !== undefined) return draft.multicastGroup;
  const group = family === 4 ? global.multicastGroup4 : global.multicastGroup6;
  if (group !== undefined) return group;
  const standard = parseIpAddress(family === 4 ? "224.0.0.18" : "ff02::12");
  return present(standard.ok ? standard.value : undefined, "the standard group is an address");
}
