// vrrp_strict or no_accept: the address is there, and packets to it are dropped.

import { spanAt } from "../keepalived/reading.ts";
import type { Setting } from "../keepalived/section.ts";
import { instanceWith } from "./example-texts.ts";
import type { Configuration, Report, Rule } from "./rule.ts";
import {
  instancesOf,
  priorityOf,
  strictSetting,
  versionOf,
  type WrittenInstance,
} from "./vrrp-blocks.ts";

export const addressesDropPackets: Rule = {
  id: "V40",
  name: "addresses-drop-packets",
  severity: "warning",
  scope: "file",
  check,
  title: "packets to the virtual address are dropped",
  explanation: [
    "By the RFC only the owner of an address takes packets to it. With `vrrp_strict`, `strict_mode` or",
    "`no_accept` keepalived keeps to that with a rule in the firewall: the address answers ARP, and neither",
    "ping nor any service on it. It is right for a gateway's address and wrong for that of a service. The",
    "sample that Debian ships has vrrp_strict, which makes this the most frequent of all questions.",
    "",
    "Remove `vrrp_strict`; that changes nothing else that is missed. In version 3 `accept` beside it does as",
    "well; in version 2 strictness forbids that too.",
  ].join("\n"),
  bad: [instanceWith("strict_mode"), instanceWith("no_accept")],
  good: [
    instanceWith(""),
    instanceWith("strict_mode\nversion 3\naccept"),
    instanceWith("strict_mode").replace("priority 100", "priority 255"),
  ],
  sources: [
    "https://github.com/acassen/keepalived/issues/474",
    "https://github.com/acassen/keepalived/issues/1373",
    "https://github.com/acassen/keepalived/issues/2046",
  ],
};

function check(configuration: Configuration, report: Report): void {
  const dropping = new Map<Setting, WrittenInstance[]>();
  for (const instance of instancesOf(configuration)) {
    const setting = droppingSetting(configuration, instance);
    if (setting === undefined || priorityOf(instance) === 255) continue;
    const before = dropping.get(setting);
    if (before === undefined) dropping.set(setting, [instance]);
    else before.push(instance);
  }
  for (const [setting, instances] of dropping)
    reportDropping(configuration, setting, instances, report);
}

function reportDropping(
  configuration: Configuration,
  setting: Setting,
  instances: readonly WrittenInstance[],
  report: Report,
): void {
  const [instance] = instances;
  if (instance === undefined) return;
  const keyword = setting.spec.name;
  const [first] = instance.value?.virtualAddresses ?? [];
  const others = instances.length === 1 ? "" : ` and ${instances.length - 1} more`;
  const canAccept = keyword !== "no_accept" && versionOf(configuration, instance) === 3;
  report(spanAt(setting.line, 0), {
    // Who writes that means it.
    ...(keyword === "no_accept" ? { severity: "advice" } : {}),
    message: `\`${keyword}\` makes \`${instance.name}\`${others} drop packets to ${instances.length === 1 ? "its" : "their"} addresses`,
    related: [
      {
        span: instance.span,
        label: first === undefined ? "this instance" : `holds ${first.address}`,
      },
    ],
    effect:
      "keepalived puts a rule into the firewall: no ping, no service, unless the priority is 255",
    fix: canAccept
      ? `remove \`${keyword}\`, or add \`accept\` to the instance`
      : `remove \`${keyword}\``,
  });
}

/** What makes an instance drop packets. */
function droppingSetting(
  configuration: Configuration,
  instance: WrittenInstance,
): Setting | undefined {
  const { section } = instance;
  const last = section.settings.findLast(({ spec }) => ["accept", "no_accept"].includes(spec.name));
  if (last?.spec.name === "no_accept") return last;
  const strict = strictSetting(configuration, section);
  const accepts = last !== undefined && versionOf(configuration, instance) === 3;
  return accepts ? undefined : strict;
}
