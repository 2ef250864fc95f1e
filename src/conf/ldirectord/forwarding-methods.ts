// Forwarding methods in ldirectord's and in keepalived's words.

import type { ForwardingWord } from "./configuration.ts";

/** keepalived's word for each of ldirectord's. */
export const methods: Readonly<Record<ForwardingWord, string>> = {
  gate: "DR",
  masq: "NAT",
  ipip: "TUN",
};
