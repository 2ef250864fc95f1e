// KEEPALIVED-MIB: virtual addresses.

import { familyOf, type IpAddress } from "../../../base/address.ts";
import type { VirtualAddress } from "../../../model/vrrp-instance.ts";
import type { ManagementFacts } from "../../facts.ts";
import { inetScope } from "../inet-scope.ts";
import { carrierName, type InstanceFacts, instancesOf, linkOf } from "../instance-facts.ts";
import { column, type MibGroup, table } from "../mib-group.ts";
import {
  addressType,
  gauge,
  inetAddress,
  integer,
  octets,
  octetsOrNothing,
  truth,
} from "../value.ts";
import { vrrpEntry } from "./identifiers.ts";

interface AddressRow {
  readonly instance: InstanceFacts;
  readonly address: VirtualAddress;
  readonly advertised: boolean;
}

const noBroadcast = "0.0.0.0" as IpAddress;

function interfaceOf({ instance, address }: AddressRow): string {
  return address.interface ?? carrierName(instance);
}

function isHeld({ instance, address }: AddressRow): boolean {
  const text = `${address.address}/${address.prefixLength}`;
  return instance.status?.heldAddresses.includes(text) ?? false;
}

const addresses = table<ManagementFacts, AddressRow>({
  name: "vrrpAddressTable",
  entry: vrrpEntry(6),
  rows: (facts) =>
    instancesOf(facts).flatMap((instance) => {
      const { virtualAddresses, excludedAddresses } = instance.wish;
      return [...virtualAddresses, ...excludedAddresses].map((address, i) => ({
        index: [instance.number, i + 1],
        row: { instance, address, advertised: i < virtualAddresses.length },
      }));
    }),
  columns: [
    column(2, "vrrpAddressType", ({ address }) => addressType(address.address)),
    column(3, "vrrpAddressValue", ({ address }) => inetAddress(address.address)),
    column(4, "vrrpAddressBroadcast", ({ address }) =>
      familyOf(address.address) === 6 ? undefined : inetAddress(address.broadcast ?? noBroadcast),
    ),
    column(5, "vrrpAddressMask", ({ address }) => gauge(address.prefixLength)),
    column(6, "vrrpAddressScope", ({ address }) => integer(inetScope(address.scope))),
    column(7, "vrrpAddressIfIndex", (row) => {
      const link = linkOf(row.instance.facts, interfaceOf(row));
      return link === undefined ? undefined : integer(link.index);
    }),
    column(8, "vrrpAddressIfName", (row) => octets(interfaceOf(row))),
    column(9, "vrrpAddressIfAlias", ({ address }) => octetsOrNothing(address.label)),
    column(10, "vrrpAddressStatus", (row) => truth(isHeld(row))),
    column(11, "vrrpAddressAdvertising", ({ advertised }) => truth(advertised)),
  ],
});

/** The table of addresses. */
export const addressGroups: readonly MibGroup<ManagementFacts>[] = [addresses];
