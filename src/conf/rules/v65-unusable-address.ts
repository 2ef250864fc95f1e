// Virtual addresses that no host can have.

import { familyOf, type IpAddress, ipv4Number } from "../../base/address.ts";
import { instanceWith } from "./example-texts.ts";
import type { Configuration, Report, Rule } from "./rule.ts";
import { addressesOf, instancesOf, type WrittenAddress } from "./vrrp-blocks.ts";

const holding = (address: string): string => instanceWith("").replace("192.0.2.17/24", address);

export const unusableAddress: Rule = {
  id: "V65",
  name: "unusable-address",
  severity: "warning",
  scope: "file",
  check,
  title: "a virtual address is none that a host can have",
  explanation: [
    "The first address of a subnet is its name and the last one its broadcast; multicast, loopback and",
    "unspecified addresses cannot be told from a host's own. The kernel takes most of them, the check of",
    "keepalived says nothing, and nobody ever reaches the service.",
    "",
    "Usually a subnet was written where an address was meant, as in `192.0.2.0/24`. Subnets of two addresses",
    "(/31) and single ones (/32) have neither name nor broadcast, and are left alone.",
  ].join("\n"),
  bad: [
    holding("192.0.2.0/24"),
    holding("192.0.2.255/24"),
    holding("224.0.0.9"),
    holding("0.0.0.0"),
  ],
  good: [
    holding("192.0.2.17/24"),
    holding("192.0.2.0/31"),
    holding("192.0.2.0"),
    holding("10.0.1.0/16"),
  ],
  sources: ["https://www.rfc-editor.org/rfc/rfc1122#section-3.2.1.3"],
};

function check(configuration: Configuration, report: Report): void {
  for (const { section } of instancesOf(configuration))
    for (const keyword of ["virtual_ipaddress", "virtual_ipaddress_excluded"])
      for (const written of addressesOf(section, keyword)) {
        const what = whatItIs(written);
        if (what === undefined) continue;
        report(written.span, {
          message: `\`${written.address}\` is ${what}`,
          effect: "no other host can reach it",
          fix: "write the address of one host",
        });
      }
}

function whatItIs({ address, prefixLength }: WrittenAddress): string | undefined {
  if (familyOf(address) === 6) return whatIpv6Is(address);
  const number = ipv4Number(address);
  if (number === 0) return "the unspecified address";
  if (number >>> 24 === 127) return "a loopback address";
  if (number >>> 28 === 14) return "a multicast address";
  if (number === 0xffff_ffff) return "the broadcast address";
  if (prefixLength === undefined || prefixLength > 30) return undefined;
  const hostBits = 2 ** (32 - prefixLength) - 1;
  const host = (number & hostBits) >>> 0;
  if (host === 0) return `the name of the subnet /${prefixLength}, not an address in it`;
  return host === hostBits ? `the broadcast address of its subnet /${prefixLength}` : undefined;
}

function whatIpv6Is(address: IpAddress): string | undefined {
  if (address === "::") return "the unspecified address";
  if (address === "::1") return "the loopback address";
  return address.startsWith("ff") ? "a multicast address" : undefined;
}
