// Operations as one line of text each: for logs, repair reports and `--dry-run`.

import type { Destination, Service } from "../model/balancer-table.ts";
import { endpointName, virtualServerName } from "../model/virtual-server.ts";
import type { AddressFact, AddressOperation, BalancerOperation } from "./operation.ts";

/** One line that names everything the operation changes: `add 10.0.0.3/32 on eth0`. */
export function describeOperation(operation: AddressOperation | BalancerOperation): string {
  switch (operation.kind) {
    case "add-address":
      return `add ${describeAddress(operation.fact)}`;
    case "remove-address":
      return `remove ${describeAddress(operation.fact)}`;
    case "add-service":
      return `add service ${describeService(operation.service)}`;
    case "change-service":
      return `change service ${describeService(operation.service)}`;
    case "remove-service":
      return `remove service ${virtualServerName(operation.key)}`;
    case "add-destination":
      return `add ${describeDestination(operation.destination)} to ${virtualServerName(operation.key)}`;
    case "change-destination":
      return `change ${describeDestination(operation.destination)} of ${virtualServerName(operation.key)}`;
    case "remove-destination":
      return `remove ${endpointName(operation.address, operation.port)} from ${virtualServerName(operation.key)}`;
  }
}

/** `10.0.0.3/32 on eth0`: the part of an address that identifies it. */
export function describeAddress(fact: AddressFact): string {
  return `${fact.address}/${fact.prefixLength} on ${fact.interface}`;
}

/** `TCP 10.0.0.1:80 sh flag-2 persistent 360 s /24`; destinations are not named. */
function describeService(service: Service): string {
  const words = [virtualServerName(service.key), service.scheduler];
  for (const flag of service.schedulerFlags ?? []) words.push(`flag-${flag}`);
  if (service.persistenceTimeoutS > 0) {
    words.push(`persistent ${service.persistenceTimeoutS} s /${service.persistencePrefixLength}`);
    if (service.persistenceEngine !== undefined) words.push(`by ${service.persistenceEngine}`);
    if (service.persistenceGroup !== undefined) words.push("across its group");
  }
  if (service.onePacket) words.push("one-packet");
  return words.join(" ");
}

/** `10.0.0.7:80 TUN gue 6080 csum weight 10`. */
function describeDestination(destination: Destination): string {
  const words = [
    endpointName(destination.address, destination.port),
    destination.forwarding,
    ...describeMethod(destination),
    `weight ${destination.weight}`,
  ];
  if (destination.upperThreshold > 0) words.push(`upper ${destination.upperThreshold}`);
  if (destination.lowerThreshold > 0) words.push(`lower ${destination.lowerThreshold}`);
  return words.join(" ");
}

/** What stands behind the method in a configuration. */
function describeMethod({ forwarding, tunnel, fullNat }: Destination): readonly string[] {
  const words: string[] = [];
  if (forwarding === "TUN" && tunnel !== undefined && tunnel.type !== "ipip") {
    words.push(tunnel.type);
    if (tunnel.port !== undefined) words.push(`${tunnel.port}`);
    if (tunnel.checksum !== "none") words.push(tunnel.checksum === "full" ? "csum" : "remcsum");
  }
  if (forwarding === "FULLNAT" && fullNat !== undefined) {
    for (const source of fullNat.sources) words.push(`from ${source}`);
    if (fullNat.tellsClient !== "nothing") words.push(`client by ${fullNat.tellsClient}`);
  }
  return words;
}
