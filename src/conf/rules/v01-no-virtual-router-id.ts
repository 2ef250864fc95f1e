// An instance without a usable virtual_router_id. One that is out of range the reader finds.

import { spanAt } from "../keepalived/reading.ts";
import { settingOf } from "../keepalived/section.ts";
import { instanceWith } from "./example-texts.ts";
import type { Configuration, Report, Rule } from "./rule.ts";
import { instancesOf } from "./vrrp-blocks.ts";

export const noVirtualRouterId: Rule = {
  id: "V01",
  name: "no-virtual-router-id",
  severity: "error",
  scope: "file",
  check,
  title: "an instance has no usable virtual_router_id",
  explanation: [
    "The virtual router id says which adverts belong to an instance, so there is no default: an instance",
    "without one is left out, its addresses are nowhere, and the other instances run. The id is 1 to 255; the",
    "field of the packet has one byte, and 0 is not allowed.",
    "",
    "Take a number that no other instance on the same network has, and the same one on every node of this",
    "instance. The last byte of the address is a good habit.",
  ].join("\n"),
  bad: [
    instanceWith("").replace(/ *virtual_router_id.*\n/, ""),
    instanceWith("", "VI_1", 256).replaceAll("192.0.2.256", "192.0.2.56"),
  ],
  good: [instanceWith("")],
  sources: ["https://github.com/rcbops/chef-cookbooks/issues/374"],
};

function check(configuration: Configuration, report: Report): void {
  for (const { name, span, section } of instancesOf(configuration)) {
    if (settingOf(section, "virtual_router_id") !== undefined) continue;
    const like = section.settings.find(({ spec }) => spec.name === "interface");
    report(span, {
      message: `the instance \`${name}\` has no \`virtual_router_id\``,
      ...(like === undefined
        ? {}
        : { related: [{ span: spanAt(like.line, 0), label: "its adverts would go out here" }] }),
      effect: "the instance is left out; the others run",
      fix: "add `virtual_router_id` with a number from 1 to 255 that nobody else on this network has",
      stock: `(${name}) the virtual router id must be set`,
    });
  }
}
