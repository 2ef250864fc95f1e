// global_defs: Keelson's own keywords.

import { keyword, single } from "./entries.ts";
import type { KeywordSpec } from "./keyword-spec.ts";
import { choice, integer, interfaceName, many } from "./kinds.ts";

/** What Keelson adds to global_defs. */
export const balancerKeywords: readonly KeywordSpec[] = [
  single(
    "lb_engine",
    "What forwards packets: the kernel's IPVS, Keelson's program in the kernel, or a slow model for tests.",
    "ENGINE",
    choice(["auto", "ipvs", "xdp", "model"], "auto counts"),
    { default: "auto", ours: true },
  ),
  single(
    "lb_attach",
    "Where Keelson's program is attached: in the driver [native], behind it [tc], or in the general part of the kernel.",
    "PLACE",
    choice(["auto", "native", "tc", "generic"], "auto counts"),
    { default: "auto", ours: true },
  ),
  keyword(
    "lb_interfaces",
    "The interfaces on which Keelson's program takes packets.",
    [many("INTERFACE", interfaceName)],
    { unset: "those that the configuration names or that lead to the servers", ours: true },
  ),
  single(
    "lb_connections",
    "How many connections are remembered at a time; each takes about 100 bytes of kernel memory.",
    "COUNT",
    integer(1024, 16_777_216, "stop"),
    { default: "1048576", ours: true },
  ),
];
