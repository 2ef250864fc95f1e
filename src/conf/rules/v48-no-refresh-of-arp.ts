// No garp_master_refresh.

import { settingValue } from "../keepalived/section.ts";
import { instanceWith } from "./example-texts.ts";
import type { Configuration, Report, Rule } from "./rule.ts";
import { globalSetting, instancesOf, isKnown } from "./vrrp-blocks.ts";

export const noRefreshOfArp: Rule = {
  id: "V48",
  name: "no-refresh-of-arp",
  severity: "advice",
  scope: "file",
  check,
  title: "nothing says that the MASTER repeats its gratuitous ARP",
  explanation: [
    "A new MASTER tells switches and hosts where the address is with a few gratuitous ARP packets. When they",
    "are lost, or when after a split network the wrong node was the last to send them, caches keep the wrong",
    "port: on some routers for four hours.",
    "",
    "keepalived repeats the packets only when `garp_master_refresh` says so. Keelson repeats them every 60",
    "seconds on its own, and not at all with `garp_master_refresh 0`. While one node of a pair still runs",
    "keepalived, `garp_master_refresh 60` in the instance, or `vrrp_garp_master_refresh 60` in global_defs, does",
    "the same on both; it costs one small packet an address and minute.",
  ].join("\n"),
  bad: [instanceWith("")],
  good: [instanceWith("garp_master_refresh 60")],
  sources: [
    "https://github.com/acassen/keepalived/issues/20",
    "https://github.com/acassen/keepalived/issues/277",
  ],
};

function check(configuration: Configuration, report: Report): void {
  const everywhere = globalSetting(configuration, "vrrp_garp_master_refresh");
  if (everywhere !== undefined && everywhere.values[0] !== 0) return;
  for (const { section, span, value } of instancesOf(configuration)) {
    if (value === undefined || value.virtualAddresses.length === 0) continue;
    if (!isKnown(section, "garp_master_refresh")) continue;
    const own = settingValue(section, "garp_master_refresh");
    if (own !== undefined && own !== 0) continue;
    const off = own === 0 || (own === undefined && everywhere !== undefined);
    report(span, {
      message: off
        ? "the MASTER announces its addresses once, and never again"
        : "keepalived announces the addresses of a MASTER once, and never again",
      effect: off
        ? "switches and hosts that missed it, or were told otherwise in a split, keep the old place for hours"
        : "Keelson repeats it every 60 s; behind a node that runs keepalived, who missed it keeps the old place for hours",
      fix: "add `vrrp_garp_master_refresh 60` to global_defs",
    });
    // Once is enough: it is one line for all of them.
    return;
  }
}
