// VRID 51, which every sample has.

import { settingValue } from "../keepalived/section.ts";
import { instanceWith } from "./example-texts.ts";
import type { Configuration, Report, Rule } from "./rule.ts";
import { addressesOf, instancesOf, isUnicast, placeOf } from "./vrrp-blocks.ts";

const sampleVrid = 51;

export const sampleVirtualRouterId: Rule = {
  id: "V05",
  name: "sample-virtual-router-id",
  severity: "advice",
  scope: "file",
  check,
  title: "the VRID is the one of every sample",
  explanation: [
    "The sample configuration that comes with keepalived, and most tutorials, say virtual_router_id 51. Two",
    "teams that start from them on one network have the same virtual router: each pair drops the other's",
    "adverts as wrong, or yields to them, and logs fill with addresses that are not its own.",
    "",
    "The last byte of the virtual address is a better number, because it is already the only one of its kind",
    "on the subnet. Change it on all nodes at the same time: nodes with different numbers are both MASTER.",
  ].join("\n"),
  bad: [instanceWith("", "VI_1", sampleVrid)],
  good: [instanceWith("")],
  sources: ["https://github.com/openshift/enhancements/pull/230"],
};

function check(configuration: Configuration, report: Report): void {
  for (const { section, span } of instancesOf(configuration)) {
    if (settingValue(section, "virtual_router_id") !== sampleVrid || isUnicast(section)) continue;
    const [first] = addressesOf(section, "virtual_ipaddress");
    const last = Number(first?.address.split(".")[3] ?? 0);
    const usable = last > 0 && last < 256 && last !== sampleVrid;
    report(placeOf(section, "virtual_router_id", span), {
      message: `VRID ${sampleVrid} is the number of every sample`,
      effect: "whoever else on this network starts from a sample has it as well",
      fix: usable
        ? `take another one on all nodes, for instance ${last}, the last byte of the address`
        : "take another one on all nodes, for instance the last byte of the address",
    });
    // Once is enough: it is about the habit.
    return;
  }
}
