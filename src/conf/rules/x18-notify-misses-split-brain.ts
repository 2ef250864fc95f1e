// A MASTER whose notify script moves something elsewhere, and that is not told when it must move it again.

import { spanAt } from "../keepalived/reading.ts";
import { keywordOf, settingOf } from "../keepalived/section.ts";
import { instanceWith, securedScripts } from "./example-texts.ts";
import type { Configuration, Report, Rule } from "./rule.ts";

export const notifyMissesSplitBrain: Rule = {
  id: "X18",
  name: "notify-misses-split-brain",
  severity: "advice",
  scope: "file",
  check,
  title: "a notify script moves an address and is not run after a split brain",
  explanation: [
    "Notify scripts run when the state of an instance changes, and only then: not at a reload, and not on a",
    "MASTER that hears another MASTER with a lower priority. While two nodes could not hear each other both",
    "ran `notify_master`, and the last one that called the cloud's interface holds the address there. When",
    "they meet again, the lower one steps down; the other one stays MASTER, so nothing runs, and the",
    "address stays with the node that is BACKUP.",
    "",
    "Add `notify_master_rx_lower_pri` with the same command: it runs on the MASTER at that moment. The rule",
    "speaks only about instances without virtual addresses, whose script does the moving; where the daemon",
    "itself holds the address, it repeats the gratuitous ARP on its own.",
  ].join("\n"),
  bad: [withoutAddress('notify_master "/usr/local/bin/move-address"')],
  good: [
    withoutAddress(
      'notify_master "/usr/local/bin/move-address"\n    notify_master_rx_lower_pri "/usr/local/bin/move-address"',
    ),
    `${securedScripts}\n${instanceWith('notify_master "/usr/local/bin/tell"')}`,
  ],
  sources: [
    "https://github.com/acassen/keepalived/issues/1850",
    "https://github.com/acassen/keepalived/issues/100",
    "https://github.com/acassen/keepalived/issues/2087",
  ],
};

function withoutAddress(lines: string): string {
  return `${securedScripts}
vrrp_instance VI_1 {
    state BACKUP
    interface eth0
    virtual_router_id 17
    priority 100
    no_virtual_ipaddress
    unicast_src_ip 192.0.2.1
    unicast_peer {
        192.0.2.2
    }
    ${lines}
}
`;
}

function check(configuration: Configuration, report: Report): void {
  for (const instance of configuration.root.settings) {
    const { section } = instance;
    if (keywordOf(instance) !== "vrrp_instance" || section === undefined) continue;
    const notify = settingOf(section, "notify_master");
    if (notify === undefined || settingOf(section, "notify_master_rx_lower_pri") !== undefined)
      continue;
    const held = ["virtual_ipaddress", "virtual_ipaddress_excluded"].some(
      (keyword) => settingOf(section, keyword) !== undefined,
    );
    if (held) continue;
    report(spanAt(notify.line, 0), {
      message: "this script does not run again when a split brain ends",
      effect: "the MASTER that stays is not told; what the other node moved last stays there",
      fix: "add `notify_master_rx_lower_pri` with the same command",
    });
  }
}
