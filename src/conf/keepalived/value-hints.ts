// What people mean who write a value in the manner of another program: a comma, a unit, a port behind a colon.

import { type IpAddress, parseIpAddress } from "../../base/address.ts";
import type { ValueKind } from "./table/keyword-spec.ts";

/** What is worth saying about a word that cannot be used; `newText` may stand in its place without further thought. */
export interface ValueHint {
  readonly label?: string;
  readonly fix?: string;
  readonly newText?: string;
}

const nothing: ValueHint = {};

/** Signs that other languages write between a name and its value. */
export function isAssignment(text: string): boolean {
  return text === "=" || text === ":" || text === ":=" || text === "=>";
}

/** A hint about a word that its kind refuses. */
export function hintFor(text: string, kind: ValueKind["kind"]): ValueHint {
  if (kind === "integer" || kind === "seconds" || kind === "port") return numberHint(text, kind);
  if (kind === "address" || kind === "prefix") return addressHint(text, kind);
  return nothing;
}

function numberHint(text: string, kind: "integer" | "seconds" | "port"): ValueHint {
  const [, number = "", unit = ""] = /^([+-]?\d+(?:\.\d+)?)([a-z]+|%)$/i.exec(text) ?? [];
  if (/^(s|secs?|seconds?)$/i.test(unit) && kind !== "port")
    return { fix: `write \`${number}\`: numbers stand without a unit`, newText: number };
  if (/^(ms|msecs?)$/i.test(unit) && kind === "seconds")
    return { fix: `write \`${Number(number) / 1000}\`: times are in seconds` };
  if (unit !== "") return { fix: `write \`${number}\`, when that is meant: numbers have no unit` };
  if (/^\d+,\d+$/.test(text) && kind === "seconds") {
    const point = text.replace(",", ".");
    return { fix: `write \`${point}\``, newText: point };
  }
  if (/^\d+,$/.test(text)) {
    const bare = text.slice(0, -1);
    return { fix: `write \`${bare}\``, newText: bare };
  }
  if (kind === "port" && /^[a-z][a-z0-9-]*$/i.test(text))
    return { fix: "write the port as a number: names of services are not looked up" };
  if (/^0x[\da-f]+$/i.test(text)) return { fix: `write \`${Number(text)}\`` };
  return nothing;
}

function addressHint(text: string, kind: "address" | "prefix"): ValueHint {
  if (text.includes(",")) return commaHint(text);
  if (text === "-" || text === "*")
    return {
      label: `\`${text}\` marks the items of a list in other languages`,
      fix: `remove the \`${text}\`: each line is an item`,
      newText: "",
    };
  const plain = /^\[([^\]]*)\](?::\d+)?$/.exec(text)?.[1] ?? text;
  if (plain !== text && parse(plain) !== undefined)
    return { fix: `write \`${plain}\`, without brackets` };
  const [, host = "", port = ""] = /^(.+):(\d+)$/.exec(text) ?? [];
  if (port !== "" && parse(host) !== undefined)
    return {
      label: "a port stands behind a blank, where one is taken",
      fix: `write \`${host} ${port}\`, or \`${host}\` alone`,
    };
  const [before = "", length = ""] = text.split(/[/\\]/);
  if (parse(before) !== undefined) {
    if (kind === "address" && length !== "")
      return { label: "no prefix length here", fix: `write \`${before}\``, newText: before };
    if (!text.includes("\\")) return nothing;
    return { fix: `write \`${before}/${length}\``, newText: `${before}/${length}` };
  }
  const parts = before.split(".");
  if (parts.length > 1 && parts.every((part) => /^\d+$/.test(part)))
    return parts.length === 4
      ? { label: "each part is 0 to 255" }
      : { label: `4 parts are due, here are ${parts.length}` };
  if (/^[\w-]+(\.[\w-]+)*$/.test(text) && /[g-z]/i.test(text))
    return { label: "a name, or a placeholder: names are not looked up", fix: "write the address" };
  return nothing;
}

function commaHint(text: string): ValueHint {
  const bare = text.replace(/,$/, "");
  return {
    label: "a comma separates nothing here",
    fix: "write one address a line, without commas",
    ...(bare.includes(",") || bare === "" ? {} : { newText: bare }),
  };
}

function parse(text: string): IpAddress | undefined {
  const parsed = parseIpAddress(text);
  return parsed.ok ? parsed.value : undefined;
}

/** Words of other programs, and keepalived's own for the same. */
const synonyms: Readonly<Record<string, string>> = {
  ...{ roundrobin: "rr", "round-robin": "rr", round_robin: "rr", weighted_round_robin: "wrr" },
  ...{ leastconn: "lc", least_conn: "lc", least_connections: "lc", leastconnections: "lc" },
  ...{ source: "sh", ip_hash: "sh", iphash: "sh", source_hash: "sh", destination_hash: "dh" },
  ...{ masq: "NAT", masquerade: "NAT", masquerading: "NAT", gate: "DR", gatewaying: "DR" },
  ...{ route: "DR", direct: "DR", ipip: "TUN", tunnel: "TUN", tunneling: "TUN" },
  ...{ primary: "MASTER", active: "MASTER", leader: "MASTER" },
  ...{ slave: "BACKUP", secondary: "BACKUP", standby: "BACKUP", passive: "BACKUP" },
  ...{ http: "TCP", https: "TCP", password: "PASS", plain: "PASS", text: "PASS" },
};

/** The word of a list that another program calls so. */
export function synonymOf(text: string, choices: readonly string[]): string | undefined {
  const folded = text.toLowerCase();
  const word = Object.hasOwn(synonyms, folded) ? synonyms[folded] : undefined;
  return word !== undefined && choices.includes(word) ? word : undefined;
}
