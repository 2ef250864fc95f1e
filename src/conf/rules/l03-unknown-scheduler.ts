// L03: a scheduler that is missing or that nobody knows is wlc. The reader of values finds misspelt ones.

import { insertLines } from "./propose-edits.ts";
import type { Rule } from "./rule.ts";
import { stockVirtualServer } from "./stock-names.ts";
import { nameSpan, writtenVirtualServers } from "./written-virtual-servers.ts";

export const unknownScheduler: Rule = {
  id: "L03",
  name: "unknown-scheduler",
  scope: "file",
  severity: "error",
  title: "the scheduler is missing or unknown, and wlc counts",
  explanation: `\`lb_algo\` (or \`lvs_sched\`) takes one of \`rr\`, \`wrr\`, \`lc\`, \`wlc\`, \`lblc\`, \`lblcr\`, \`dh\`, \`sh\`, \`sed\`, \`nq\`,
\`fo\`, \`ovf\`, \`mh\` and \`twos\`, in small letters. keepalived ignores any other word and takes \`wlc\`, weighted least connections,
as it does when the line is missing. Keelson does the same.

A misspelt scheduler is an error, because something else was wished for. A missing one is a warning: \`wlc\` is a good
choice, and writing it down says so.`,
  bad: [
    `virtual_server 192.0.2.10 80 {
    lb_algo wrrr
    lb_kind NAT
    protocol TCP
    real_server 10.0.0.21 80 {
        TCP_CHECK {
        }
    }
}
`,
    `virtual_server 192.0.2.10 80 {
    lb_kind NAT
    protocol TCP
    real_server 10.0.0.21 80 {
        TCP_CHECK {
        }
    }
}
`,
  ],
  good: [
    `virtual_server 192.0.2.10 80 {
    lb_algo wrr
    lb_kind NAT
    protocol TCP
    real_server 10.0.0.21 80 {
        TCP_CHECK {
        }
    }
}
`,
  ],
  sources: ["https://www.keepalived.org/manpage.html"],
  check: (configuration, report) => {
    for (const server of writtenVirtualServers(configuration)) {
      if (server.settings.has("lvs_sched")) continue;
      report(nameSpan(server), {
        severity: "warning",
        message: "this virtual server has no `lb_algo`",
        effect: "wlc counts, as with keepalived",
        fix: "add `lb_algo wlc`, or another scheduler",
        ...insertLines(configuration, server.setting, ["lb_algo wlc"]),
        stock: `Virtual server ${stockVirtualServer(server)}: no scheduler set, setting default 'wlc'`,
      });
    }
  },
};
