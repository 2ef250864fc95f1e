// From the keywords of a vrrp_instance to the instance: defaults, global settings, and what cannot go together.

import { familyOf, type IpAddress, parseIpAddress } from "../../../base/address.ts";
import { present } from "../../../base/assert.ts";
import type {
  VirtualAddress,
  VrrpAuthentication,
  VrrpInstance,
} from "../../../model/vrrp-instance.ts";
import type { PlacedAddress } from "./address-lines.ts";
import { finishGarp } from "./garp.ts";
import type { GlobalDraft } from "./global-defs.ts";
import type { Lowering } from "./lowering.ts";
import type { InstanceDraft } from "./vrrp-instance.ts";

/** The instance; undefined when it lacks what it cannot run without (reported). */
export function finishInstance(
  draft: InstanceDraft,
  global: GlobalDraft,
  lowering: Lowering,
): VrrpInstance | undefined {
  const complete = checkComplete(draft, lowering);
  const family = familyOfInstance(draft);
  const addresses = ownFamily(draft, family, lowering);
  const version = versionOf(draft, global, family, lowering);
  const priority = priorityOf(draft, lowering);
  const initialState = draft.state ?? (priority === 255 ? "MASTER" : "BACKUP");
  const preemption = preemptionOf(draft, initialState === "MASTER", priority, lowering);
  const advertIntervalCs = advertIntervalOf(draft, version, lowering);
  const authentication = authenticationOf(draft, version, lowering);
  if (!complete || advertIntervalCs === undefined) return undefined;
  const { name, interface: networkInterface, vrid } = draft;
  return {
    name,
    interface: networkInterface ?? "",
    vrid: vrid ?? 0,
    version,
    family,
    initialState,
    priority,
    advertIntervalCs,
    authentication,
    ...preemption,
    ...(draft.sourceAddress === undefined ? {} : { sourceAddress: draft.sourceAddress }),
    multicastGroup: multicastGroupOf(draft, global, family),
    virtualAddresses: addresses,
    excludedAddresses: draft.excluded.map((placed) => placed.value),
    trackedScripts: draft.trackedScripts.map((placed) => placed.value),
    trackedInterfaces: draft.trackedInterfaces,
    garp: finishGarp(draft, global),
  };
}

function checkComplete(draft: InstanceDraft, lowering: Lowering): boolean {
  const missing: string[] = [];
  if (draft.interface === undefined) missing.push("interface");
  if (draft.vrid === undefined) missing.push("virtual_router_id");
  for (const keyword of missing) {
    // A value that cannot be read has been reported already.
    if (draft.places.has(keyword)) continue;
    lowering.report(draft.nameSpan, {
      severity: "error",
      code: keyword === "interface" ? "missing-interface" : "missing-virtual-router-id",
      message: `the instance \`${draft.name}\` has no \`${keyword}\``,
      effect: "keepalived leaves the instance out",
      fix: `add \`${keyword}\``,
    });
  }
  if (draft.interface === "lo") {
    lowering.report(draft.places.get("interface") ?? draft.nameSpan, {
      severity: "error",
      code: "loopback-interface",
      message: "the loopback interface carries no adverts",
      fix: "name the interface on which the peers are",
    });
  }
  return missing.length === 0;
}

function familyOfInstance(draft: InstanceDraft): 4 | 6 {
  const address = draft.addresses[0]?.value.address ?? draft.sourceAddress;
  return address === undefined ? 4 : familyOf(address);
}

function ownFamily(
  draft: InstanceDraft,
  family: 4 | 6,
  lowering: Lowering,
): readonly VirtualAddress[] {
  if (draft.addresses.length === 0 && !draft.places.has("no_virtual_ipaddress"))
    lowering.report(draft.nameSpan, {
      severity: "warning",
      code: "no-virtual-address",
      message: `the instance \`${draft.name}\` has no virtual address`,
      effect: "it elects a MASTER, which then holds nothing",
      fix: "add `virtual_ipaddress`",
    });
  const seen = new Map<IpAddress, PlacedAddress>();
  const kept: VirtualAddress[] = [];
  for (const placed of draft.addresses) {
    const { address } = placed.value;
    const before = seen.get(address);
    if (familyOf(address) !== family)
      lowering.report(placed.span, {
        severity: "warning",
        code: "mixed-families",
        message: `\`${address}\` is not IPv${family} as the first address is`,
        effect: "it is ignored",
        fix: "put it into `virtual_ipaddress_excluded`, or into an instance of its own",
      });
    else if (before !== undefined)
      lowering.report(placed.span, {
        severity: "warning",
        code: "address-repeated",
        message: `\`${address}\` is listed twice`,
        related: [{ span: before.span, label: "first here" }],
        effect: "it counts once",
      });
    else kept.push(placed.value);
    seen.set(address, before ?? placed);
  }
  return kept;
}

function versionOf(
  draft: InstanceDraft,
  global: GlobalDraft,
  family: 4 | 6,
  lowering: Lowering,
): 2 | 3 {
  if (family === 4) return draft.version ?? global.version ?? 2;
  lowering.report(draft.nameSpan, {
    severity: "warning",
    code: "ipv6-instance-not-acted-on",
    message: `the IPv6 instance \`${draft.name}\` is read, but Keelson does not run it yet`,
    effect: "it stays in FAULT and holds nothing",
  });
  if (draft.version === 2)
    lowering.report(draft.places.get("version") ?? draft.nameSpan, {
      severity: "warning",
      code: "version-2-is-ipv4-only",
      message: "VRRP version 2 has no IPv6",
      effect: "version 3 counts",
      fix: "write `version 3`",
    });
  return 3;
}

function priorityOf(draft: InstanceDraft, lowering: Lowering): number {
  if (draft.priority !== undefined) return draft.priority;
  // A priority that cannot be read has been reported already.
  if (draft.state !== "MASTER" || draft.places.has("priority")) return 100;
  lowering.report(draft.places.get("state") ?? draft.nameSpan, {
    severity: "warning",
    code: "master-without-priority",
    message: "`state MASTER` without `priority` makes the priority 255",
    effect: "the instance owns the address: it takes over at once and ignores weights",
    fix: "add `priority`, for instance 150",
  });
  return 255;
}

function preemptionOf(
  draft: InstanceDraft,
  master: boolean,
  priority: number,
  lowering: Lowering,
): { preempt: boolean; preemptDelayMs: number } {
  const nopreemptHolds = draft.nopreempt === true && !master && priority !== 255;
  if (draft.nopreempt === true && !nopreemptHolds)
    lowering.report(draft.places.get("nopreempt") ?? draft.nameSpan, {
      severity: "warning",
      code: "nopreempt-needs-backup",
      message: `\`nopreempt\` does not work with ${draft.state === "MASTER" ? "`state MASTER`" : "`priority 255`"}`,
      ...relatedState(draft),
      effect: "the instance preempts",
      fix: "write `state BACKUP` on every node, and let `priority` decide",
    });
  const delayMs = draft.preemptDelayMs ?? 0;
  if (delayMs === 0) return { preempt: !nopreemptHolds, preemptDelayMs: 0 };
  if (!nopreemptHolds && !master) return { preempt: true, preemptDelayMs: delayMs };
  const owner = draft.state === "MASTER" ? "state MASTER" : "priority 255";
  const reason = master ? owner : "nopreempt";
  lowering.report(draft.places.get("preempt_delay") ?? draft.nameSpan, {
    severity: "warning",
    code: "preempt-delay-without-effect",
    message: `\`preempt_delay\` does not work with \`${reason}\``,
    effect: "there is no delay",
    fix: master ? "write `state BACKUP`" : "keep one of the two",
  });
  return { preempt: !nopreemptHolds, preemptDelayMs: 0 };
}

function relatedState(draft: InstanceDraft): {
  related?: readonly [{ span: InstanceDraft["span"]; label: string }];
} {
  const span = draft.places.get("state");
  return span === undefined ? {} : { related: [{ span, label: "set here" }] };
}

/** Centiseconds that the version's field can carry; reported when that is not what is written. */
function advertIntervalOf(
  draft: InstanceDraft,
  version: 2 | 3,
  lowering: Lowering,
): number | undefined {
  const written = draft.advertIntervalS;
  if (written === undefined) return draft.places.has("advert_int") ? undefined : 100;
  const span = draft.places.get("advert_int") ?? draft.nameSpan;
  if (version === 3 && written > 40.95) {
    lowering.report(span, {
      severity: "error",
      code: "advert-interval-not-encodable",
      message: `version 3 has room for at most 40.95 seconds, not ${written}`,
      fix: "write a smaller `advert_int`",
    });
    return undefined;
  }
  const step = version === 3 ? 1 : 100;
  const rounded = Math.max(step, Math.round((written * 100) / step) * step);
  if (Math.abs(rounded - written * 100) > 1e-6)
    lowering.report(span, {
      severity: "warning",
      code: "advert-interval-rounded",
      message:
        version === 2
          ? `version 2 counts whole seconds: ${written} becomes ${rounded / 100}`
          : `version 3 counts hundredths of a second: ${written} becomes ${rounded / 100}`,
      ...(version === 2 ? { effect: "a peer with another interval drops these adverts" } : {}),
      fix:
        version === 2
          ? "write whole seconds, or `version 3` on every node"
          : `write \`advert_int ${rounded / 100}\``,
    });
  return rounded;
}

function authenticationOf(
  draft: InstanceDraft,
  version: 2 | 3,
  lowering: Lowering,
): VrrpAuthentication {
  const { type, password } = draft.authentication ?? {};
  if (type !== "PASS" || password === undefined || password === "") return { type: "none" };
  if (version === 2) return { type: "PASS", password };
  lowering.report(draft.places.get("authentication") ?? draft.nameSpan, {
    severity: "warning",
    code: "authentication-without-effect",
    message: "VRRP version 3 has no authentication",
    effect: "adverts carry none",
    fix: "remove the block",
  });
  return { type: "none" };
}

function multicastGroupOf(draft: InstanceDraft, global: GlobalDraft, family: 4 | 6): IpAddress {
  if (draft.multicastGroup !== undefined) return draft.multicastGroup;
  const group = family === 4 ? global.multicastGroup4 : global.multicastGroup6;
  if (group !== undefined) return group;
  const standard = parseIpAddress(family === 4 ? "224.0.0.18" : "ff02::12");
  return present(standard.ok ? standard.value : undefined, "the standard group is an address");
}
