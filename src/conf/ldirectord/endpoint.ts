// Hosts and ports as ldirectord.cf writes them: `10.0.0.1:80`, `web1:http`, `[fd00::1]:80`.

import { familyOf, parseIpAddress } from "../../base/address.ts";
import { nearestWord } from "../text/nearest-word.ts";
import { parsePort, portNames } from "../text/port-names.ts";
import type { Host } from "./configuration.ts";
import type { ValueText } from "./value-form.ts";

/** A piece of a value: its text, and where it begins in the value. */
export interface Piece {
  readonly text: string;
  readonly at: number;
}

/** The host and the port of one word; the port as written. */
export function splitEndpoint(word: Piece): { readonly host: Piece; readonly port?: Piece } {
  const close = word.text.lastIndexOf("]");
  const colon = word.text.indexOf(":", close + 1);
  const bare6 = close < 0 && colon >= 0 && word.text.indexOf(":", colon + 1) >= 0;
  if (colon < 0 || bare6) return { host: word };
  return {
    host: { text: word.text.slice(0, colon), at: word.at },
    port: { text: word.text.slice(colon + 1), at: word.at + colon + 1 },
  };
}

/** A host of the family of its section. */
export function readHost(piece: Piece, value: ValueText): Host | undefined {
  const bare = piece.text.replace(/^\[(.*)\]$/, "$1");
  const parsed = parseIpAddress(bare);
  if (parsed.ok) {
    const family = familyOf(parsed.value);
    if (family !== value.family) return reportFamily(piece, family, value);
    if (family === 6 && bare === piece.text) reportBrackets(piece, value);
    return { kind: "address", address: parsed.value };
  }
  if (/^[\d.]+$/.test(bare) || bare.includes(":") || !/^[A-Za-z0-9._+-]+$/.test(bare)) {
    value.report(piece.at, Math.max(1, piece.text.length), "D08", {
      severity: "error",
      stops: true,
      message: `\`${piece.text}\` is neither an address nor the name of a host`,
      effect: "ldirectord does not start with this, and a reload keeps what runs; so does Keelson",
    });
    return undefined;
  }
  value.report(piece.at, piece.text.length, "D29", {
    severity: "advice",
    message: `\`${bare}\` is the name of a host: it is looked up when the file is loaded`,
    effect:
      "its first address counts until the next reload; where none is found ldirectord does not start, and Keelson leaves the server out",
    fix: "write the address",
  });
  return { kind: "name", name: bare };
}

function reportFamily(piece: Piece, family: 4 | 6, value: ValueText): undefined {
  const name = value.directive.replace(/6$/, "");
  value.report(piece.at, piece.text.length, "D08", {
    severity: "error",
    stops: true,
    message: `\`${piece.text}\` is an IPv${family} address, and \`${value.directive}\` wants IPv${value.family}`,
    effect: "ldirectord does not start with this, and a reload keeps what runs; so does Keelson",
    fix:
      family === 6
        ? `use \`${name}6\` in a \`virtual6\` section`
        : `use \`${name}\` in a \`virtual\` section`,
  });
  return undefined;
}

function reportBrackets(piece: Piece, value: ValueText): void {
  value.report(piece.at, piece.text.length, "D08", {
    severity: "warning",
    message: `\`${piece.text}\` stands without brackets`,
    effect: "ldirectord does not start with this; Keelson reads the address",
    fix: `write \`[${piece.text}]\``,
  });
}

/** A port by number or name. */
export function readPort(piece: Piece, value: ValueText): number | undefined {
  const port = parsePort(piece.text);
  if (port !== undefined) return port;
  const near = nearestWord(piece.text, portNames);
  const isNumber = /^\d+$/.test(piece.text);
  value.report(piece.at, Math.max(1, piece.text.length), isNumber ? "D07" : "D08", {
    severity: "error",
    stops: true,
    message: isNumber
      ? `the port ${piece.text} is out of range`
      : `\`${piece.text}\` is no name of a port`,
    label: near === undefined ? "1 to 65535" : `did you mean \`${near}\`?`,
    effect: "nobody can be told where to connect",
    fix: "write the number of the port",
  });
  return undefined;
}

/** A host as the file writes it. */
export function printHost(host: Host): string {
  const text = host.kind === "address" ? host.address : host.name;
  return text.includes(":") ? `[${text}]` : text;
}
