// The lines of virtual_server_group: what its virtual servers stand for.

import { familyOf, type IpAddress, ipAddressBytes, parseIpAddress } from "../../../base/address.ts";
import type { FormReading, LineSpec } from "./keyword-spec.ts";
import { anyPort, argument, choice, form, integer, optional, uintMax } from "./kinds.ts";

/** Each address becomes a service: more of them are a mistake, or a case for a mark. */
const rangeBitsMax = 16;

/** Whether the addresses differ in front of their last two bytes. */
function isFar(first: IpAddress, last: IpAddress): boolean {
  const bytes = ipAddressBytes(last);
  return ipAddressBytes(first).some((byte, i) => i < bytes.length - 2 && byte !== bytes[i]);
}

function readRange(word: string): FormReading {
  const bad = (message: string): FormReading => ({
    ok: false,
    message,
    otherwise: { instead: "the line is ignored" },
  });
  const match = /^([^/-]+)(?:-([^/]+)|\/(\d{1,3}))?$/.exec(word);
  const first = parseIpAddress(match?.[1] ?? "");
  if (match === null || !first.ok) return bad(`\`${word}\` is no address and no range of them`);
  const family = familyOf(first.value);
  const [, , last, length] = match;
  if (length !== undefined && Number(length) > (family === 4 ? 32 : 128))
    return bad(`the prefix length \`${length}\` is too large`);
  if (length !== undefined && (family === 4 ? 32 : 128) - Number(length) > rangeBitsMax)
    return bad(`\`${word}\` has more than 65536 addresses`);
  if (last === undefined) return { ok: true, value: word };
  const lastPart =
    family === 4 ? /^\d{1,3}$/.test(last) && Number(last) <= 255 : /^[0-9a-fA-F]{1,4}$/.test(last);
  const whole = parseIpAddress(last);
  if (whole.ok && familyOf(whole.value) === family && isFar(first.value, whole.value))
    return bad(`\`${word}\` has more than 65536 addresses`);
  if (lastPart || (whole.ok && familyOf(whole.value) === family)) return { ok: true, value: word };
  return bad(`\`${last}\` does not end a range that begins with ${first.value}`);
}

/** One or more addresses, or a mark. */
export const virtualServerGroupLine: LineSpec = {
  name: "vsg-line",
  summary:
    "One address a line, a range such as `192.0.2.1-10` or `192.0.2.0/28`, with a port, or a mark of the firewall.",
  leading: [
    argument("ADDRESSES", form("ADDRESS, ADDRESS-LAST or ADDRESS/LENGTH", readRange)),
    optional("PORT", anyPort),
  ],
  variants: [
    {
      word: "fwmark",
      summary: "Packets that the firewall has marked so.",
      arguments: [
        argument("MARK", integer(1, uintMax, "the line is ignored")),
        optional("FAMILY", choice(["inet", "inet6"], "the real servers decide")),
      ],
    },
  ],
  options: [],
};
