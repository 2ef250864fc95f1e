// What stands behind `real=` and `fallback=`:
// `host[->host][:port] gate|masq|ipip [weight] ["request", "receive"] [l:N] [u:N]`.

import { ipv4FromNumber, ipv4Number } from "../../base/address.ts";
import { nearestWord } from "../text/nearest-word.ts";
import type { FallbackLine, ForwardingWord, Host, RealLine } from "./configuration.ts";
import { type Piece, printHost, readHost, readPort, splitEndpoint } from "./endpoint.ts";
import { readRealOptions } from "./real-options.ts";
import { missing, type ValueForm, type ValueText } from "./value-form.ts";

/** The three forwarding methods. */
export const forwardingWords: readonly ForwardingWord[] = ["gate", "masq", "ipip"];

/** Servers that one range may stand for. */
export const rangeMax = 4096;

export const realServer: ValueForm<RealLine> = {
  form: 'HOST[->HOST][:PORT] gate|masq|ipip [WEIGHT] ["REQUEST", "RECEIVE"] [l:N] [u:N]',
  print: printReal,
  read: (value) => {
    if (value.text === "") return missing(value);
    const pieces = splitPieces(value.text);
    const [address, method, ...options] = pieces;
    if (address === undefined) return missing(value);
    const hosts = readHosts(address, value);
    const forwarding = readForwarding(method, value);
    const rest = readRealOptions(options, value);
    if (hosts === undefined || forwarding === undefined) return undefined;
    return { ...hosts, forwarding, ...rest };
  },
};

export const fallbackServer: ValueForm<FallbackLine> = {
  form: "HOST[:PORT] [gate|masq|ipip]",
  print: (line) => {
    const port = line.port === undefined ? "" : `:${line.port}`;
    return `${printHost(line.host)}${port}${line.forwarding === undefined ? "" : ` ${line.forwarding}`}`;
  },
  read: (value) => {
    const [address, method, ...extra] = splitPieces(value.text);
    if (address === undefined) return missing(value);
    const { host, port } = splitEndpoint(address);
    const itsHost = readHost(host, value);
    const itsPort = port === undefined ? undefined : readPort(port, value);
    const forwarding = method === undefined ? undefined : readForwarding(method, value);
    if (extra[0] !== undefined) reportBehindFallback(extra[0], value);
    if (itsHost === undefined || (method !== undefined && forwarding === undefined))
      return undefined;
    return {
      host: itsHost,
      ...(itsPort === undefined ? {} : { port: itsPort }),
      ...(forwarding === undefined ? {} : { forwarding }),
    };
  },
};

function reportBehindFallback(piece: Piece, value: ValueText): void {
  value.report(piece.at, value.text.length - piece.at, "D11", {
    severity: "warning",
    message: `\`${value.text.slice(piece.at)}\` is more than \`${value.directive}\` takes`,
    effect: "ldirectord does not start with this; Keelson skips it",
    fix: "remove it",
  });
}

/** Words and quoted texts; a comma between them counts as a blank. */
function splitPieces(text: string): readonly Piece[] {
  const pieces: Piece[] = [];
  for (const match of text.matchAll(/"[^"]*"?|[^\s",]+/g))
    pieces.push({ text: match[0], at: match.index });
  return pieces;
}

function readHosts(
  piece: Piece,
  value: ValueText,
): Pick<RealLine, "host" | "last" | "port"> | undefined {
  const arrow = piece.text.indexOf("->");
  const first = { text: arrow < 0 ? piece.text : piece.text.slice(0, arrow), at: piece.at };
  const behind =
    arrow < 0 ? first : { text: piece.text.slice(arrow + 2), at: piece.at + arrow + 2 };
  const split = splitEndpoint(behind);
  const host = readHost(arrow < 0 ? split.host : first, value);
  const last = arrow < 0 ? undefined : readHost(split.host, value);
  const port = split.port === undefined ? 0 : readPort(split.port, value);
  if (host === undefined || port === undefined) return undefined;
  if (arrow < 0) return { host, port };
  if (last === undefined || !isGoodRange(host, last, piece, value)) return undefined;
  return { host, last, port };
}

function isGoodRange(first: Host, last: Host, piece: Piece, value: ValueText): boolean {
  const report = (message: string, effect: string, severity: "error" | "advice"): void =>
    value.report(piece.at, piece.text.length, "D20", {
      severity,
      ...(severity === "error" ? { stops: true } : {}),
      message,
      effect,
    });
  const refused =
    "ldirectord does not start with this, and a reload keeps what runs; so does Keelson";
  if (value.family === 6) {
    report("a range of IPv6 addresses cannot be written", refused, "error");
    return false;
  }
  if (first.kind === "name" || last.kind === "name") return true;
  const from = ipv4Number(first.address);
  const to = ipv4Number(last.address);
  if (from > to) {
    report(`the range ends before it begins: ${last.address} is less`, refused, "error");
    return false;
  }
  if (to - from >= rangeMax) {
    report(`a range of ${to - from + 1} servers is longer than ${rangeMax}`, refused, "error");
    return false;
  }
  if (`${from}`.length !== `${to}`.length)
    report(
      `ldirectord misreads ranges that go over ${ipv4FromNumber(10 ** (`${to}`.length - 1))}`,
      "it compares the numbers as texts and adds no server or too many; Keelson counts right",
      "advice",
    );
  return true;
}

function readForwarding(piece: Piece | undefined, value: ValueText): ForwardingWord | undefined {
  if (piece === undefined) {
    value.report(0, value.text.length, "D04", {
      severity: "error",
      stops: true,
      message: "the forwarding method is missing",
      label: "gate, masq or ipip",
      effect: "ldirectord does not start with this, and a reload keeps what runs; so does Keelson",
      fix: "write `gate` (direct routing), `masq` (NAT) or `ipip` (tunnel) behind the address",
    });
    return undefined;
  }
  const found = forwardingWords.find((word) => word === piece.text);
  if (found !== undefined) return found;
  const meant =
    otherNames.get(piece.text.toLowerCase()) ?? nearestWord(piece.text, forwardingWords);
  value.report(piece.at, piece.text.length, "D05", {
    severity: "error",
    stops: true,
    message: `\`${piece.text}\` is no forwarding method`,
    label: meant === undefined ? "gate, masq or ipip" : `did you mean \`${meant}\`?`,
    effect: "ldirectord does not start with this, and a reload keeps what runs; so does Keelson",
    fix: meant === undefined ? "write `gate`, `masq` or `ipip`" : `write \`${meant}\``,
  });
  return undefined;
}

/** The words of keepalived and ipvsadm. */
const otherNames: ReadonlyMap<string, ForwardingWord> = new Map([
  ["dr", "gate"],
  ["route", "gate"],
  ["-g", "gate"],
  ["nat", "masq"],
  ["-m", "masq"],
  ["tun", "ipip"],
  ["tunnel", "ipip"],
  ["-i", "ipip"],
]);

function printReal(line: RealLine): string {
  const last = line.last === undefined ? "" : `->${printHost(line.last)}`;
  const words = [`${printHost(line.host)}${last}${line.port === 0 ? "" : `:${line.port}`}`];
  words.push(line.forwarding);
  if (line.weight !== undefined) words.push(`${line.weight}`);
  if (line.request !== undefined) words.push(`"${line.request}",`, `"${line.receive ?? ""}"`);
  if (line.lowerThreshold !== undefined) words.push(`l:${line.lowerThreshold}`);
  if (line.upperThreshold !== undefined) words.push(`u:${line.upperThreshold}`);
  return words.join(" ");
}
