// What wraps the packets of a route: `encap TYPE ...`.

import { type IpAddress, ipAddressBytes, parseIpAddress } from "../base/address.ts";
import { fail, ok, type Result } from "../base/result.ts";
import type { RoutingOption } from "../model/routing.ts";
import type { Encapsulation } from "./routing-facts.ts";
import { type RoutingNames, routingNumber } from "./routing-names.ts";

/** The encapsulation among options; undefined where there is none. The fault is a sentence. */
export function lowerEncapsulation(
  options: readonly RoutingOption[],
  names: RoutingNames,
): Result<Encapsulation, string> | undefined {
  const at = options.findIndex(({ name }) => name === "encap");
  const encap = options[at];
  if (encap === undefined) return undefined;
  const [kind, more] = encap.values.map(String);
  if (kind === "mpls") return labelsOf(more);
  if (kind === "ila") return locatorOf(more);
  if (kind !== "ip" && kind !== "ip6") return fail(`there is no encapsulation ${kind}`);
  const words = new Map(options.slice(at + 1).map(({ name, values }) => [name, values[0]]));
  const number = (name: string): number | undefined => {
    const value = words.get(name);
    return value === undefined ? undefined : routingNumber(names, "dsfield", value);
  };
  const id = words.get("id");
  const destination = words.get("dst");
  const source = words.get("src");
  const tos = number(kind === "ip" ? "tos" : "tc");
  const ttl = number(kind === "ip" ? "ttl" : "hoplimit");
  const flags = number("flags");
  return ok({
    kind,
    ...(id === undefined ? {} : { id: BigInt(Number(id)) }),
    ...(destination === undefined ? {} : { destination: String(destination) as IpAddress }),
    ...(source === undefined ? {} : { source: String(source) as IpAddress }),
    ...(tos === undefined ? {} : { tos }),
    ...(ttl === undefined ? {} : { ttl }),
    ...(flags === undefined ? {} : { flags }),
  });
}

function labelsOf(text: string | undefined): Result<Encapsulation, string> {
  const labels = (text ?? "").split("/").map(Number);
  if (labels.some((label) => !(label >= 0 && label < 1 << 20)))
    return fail(`\`${text}\` is no stack of MPLS labels`);
  return ok({ kind: "mpls", labels });
}

/** Four groups of an IPv6 address. */
function locatorOf(text: string | undefined): Result<Encapsulation, string> {
  const parsed = parseIpAddress(`${text}::`);
  if (!parsed.ok) return fail(`\`${text}\` is no ILA locator`);
  let locator = 0n;
  for (const byte of ipAddressBytes(parsed.value).subarray(0, 8))
    locator = (locator << 8n) | BigInt(byte);
  return ok({ kind: "ila", locator });
}
