// An address, a mask or a port that is none.

import { sectionWith } from "./ldirectord-texts.ts";
import type { Rule } from "./rule.ts";

export const badAddress: Rule = {
  id: "D08",
  name: "bad-address",
  severity: "error",
  scope: "file",
  check: "reader",
  title: "an address, a mask or a port that is none",
  explanation: [
    "Hosts are written as IPv4 addresses, as IPv6 addresses between brackets, or by name; ports by number or",
    "by their usual name. ldirectord looks up what it does not understand, which takes its time and fails.",
    "ldirectord reads its file once at the start and refuses all of it because of one such line; at a reload",
    "it keeps what runs. Keelson does the same.",
    "",
    "IPv6 addresses belong to `virtual6`, `real6` and `fallback6`, and IPv4 addresses to the others.",
  ].join("\n"),
  bad: [
    "virtual=192.0.2.300:80\n\treal=198.51.100.1:80 gate\n",
    sectionWith("real=198.51.100.2:htpp gate"),
    "virtual=[2001:db8::1]:80\n\treal=198.51.100.1:80 gate\n",
  ],
  good: ["virtual6=[2001:db8::1]:80\n\treal6=[2001:db8::2]:80 gate\n\tchecktype=connect\n"],
  sources: ["https://manpages.debian.org/bookworm/ldirectord/ldirectord.8.en.html"],
};
