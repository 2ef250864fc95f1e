// global_defs: sizes of receive buffers.

import { single, toggle } from "./entries.ts";
import type { KeywordSpec } from "./keyword-spec.ts";
import { integer, uintMax } from "./kinds.ts";

const missing = "the buffers have the system's size";

function bufferKeywords(name: string, what: string): readonly KeywordSpec[] {
  return [
    single(
      name,
      `The size of the receive buffer of ${what}; for machines with very many interfaces.`,
      "BYTES",
      integer(0, uintMax, "the system's size counts", "bytes"),
      { unset: "the system's size", withoutArgument: "the system's size counts", missing },
    ),
    toggle(`${name}_force`, "Lets this buffer exceed what the system allows [rmem_max].", {
      default: "off",
      missing,
    }),
  ];
}

/** The buffer keywords of global_defs. */
export const bufferKeywordsOfGlobalDefs: readonly KeywordSpec[] = [
  ...bufferKeywords("vrrp_netlink_cmd_rcv_bufs", "the VRRP process's netlink commands"),
  ...bufferKeywords("vrrp_netlink_monitor_rcv_bufs", "the VRRP process's netlink events"),
  ...bufferKeywords("lvs_netlink_cmd_rcv_bufs", "the checking process's netlink commands"),
  ...bufferKeywords("lvs_netlink_monitor_rcv_bufs", "the checking process's netlink events"),
  ...bufferKeywords("process_monitor_rcv_bufs", "the kernel's news of processes"),
];
