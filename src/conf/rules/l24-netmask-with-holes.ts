// L24: a persistence_granularity whose ones do not stand together. The reader of values finds it.

import { virtualServerWith } from "./example-texts.ts";
import type { Rule } from "./rule.ts";

export const netmaskWithHoles: Rule = {
  id: "L24",
  name: "netmask-with-holes",
  severity: "error",
  scope: "file",
  check: "reader",
  title: "the mask of `persistence_granularity` is not one of a network",
  explanation: [
    "`persistence_granularity` says which clients count as one: those whose addresses agree under the mask. With",
    "255.255.255.0 a network of 256 addresses stays with one real server. In a mask like 255.0.255.0 a digit has slipped:",
    "it groups clients from all over the world by a byte in the middle of their addresses. keepalived says nothing and",
    "does so; Keelson takes every address as a client of its own.",
    "",
    "Write a mask whose ones stand together, as in 255.255.255.0; for IPv6 a length from 1 to 128.",
  ].join("\n"),
  bad: [virtualServerWith("persistence_timeout 50\npersistence_granularity 255.0.255.0")],
  good: [
    virtualServerWith("persistence_timeout 50\npersistence_granularity 255.255.255.0").replace(
      "lb_algo rr",
      "lb_algo wlc",
    ),
  ],
  sources: ["https://www.keepalived.org/manpage.html"],
};
