// The real servers of one line in keepalived's words.

import { type IpAddress, ipv4FromNumber, ipv4Number } from "../../base/address.ts";
import { endpointName } from "../../model/virtual-server.ts";
import type { KeepalivedWriter } from "../convert/keepalived-writer.ts";
import type { Span } from "../text/diagnostic.ts";
import { type ForwardingWord, nameOf, type RealLine, type SettingOf } from "./configuration.ts";
import { methods } from "./forwarding-methods.ts";
import { rangeMax } from "./real-form.ts";
import { type CheckedServer, translateCheck } from "./translate-check.ts";
import type { TranslationNotes } from "./translation-notes.ts";
import type { VirtualTranslation } from "./virtual-translation.ts";

/** What the lines of real servers share. */
export interface RealContext {
  readonly notes: TranslationNotes;
  readonly method: ForwardingWord;
  /** Where each server of the virtual server stands. */
  readonly seen: Map<string, Span>;
}

/** Writes a server, or all servers of a range. */
export function writeRealLine(
  setting: SettingOf<"real"> | SettingOf<"real6">,
  translation: VirtualTranslation,
  context: RealContext,
): void {
  const { value: line, span, comments } = setting;
  const { notes, method, seen } = context;
  const { writer, wish } = translation;
  if (line === undefined) return;
  const place = { span, family: wish.section.family };
  const first = notes.addressOf(line.host, place);
  const last = line.last === undefined ? first : notes.addressOf(line.last, place);
  writer.comments(comments.above);
  if (comments.beside !== undefined) writer.comments([comments.beside]);
  const port = forwardedPort(line.port, line.forwarding, span, translation);
  if (first === undefined || last === undefined) {
    const range = line.last === undefined ? "" : `, and of all hosts up to ${nameOf(line.last)},`;
    writer.comment(`the address of ${nameOf(line.host)}${range} must be written here:`);
    const address = nameOf(line.host);
    writer.commentedOut(() => writeReal({ address, line, span, port }, translation, method));
    return;
  }
  if (!isCountable(first, last)) {
    writer.comment(`a range from ${first} to ${last}`);
    translation.report(span, "D20", {
      severity: "error",
      message: `from ${first} to ${last} there is no range of at most ${rangeMax} servers`,
      effect: "the line is left out",
      fix: "write the addresses",
    });
    return;
  }
  if (!notes.takeServers(countOf(first, last), span)) return;
  for (const address of addressesOf(first, last)) {
    const name = endpointName(address, port);
    const before = seen.get(name);
    seen.set(name, before ?? span);
    if (before === undefined) writeReal({ address, line, span, port }, translation, method);
    else reportRepeated(name, span, before, translation);
  }
}

/**
 * The port at which packets arrive. Only `masq` changes it: for the other methods ipvsadm writes the virtual server's
 * port in the place of any other.
 */
export function forwardedPort(
  written: number,
  forwarding: ForwardingWord,
  span: Span,
  { wish, report }: VirtualTranslation,
): number {
  const { target } = wish.section;
  if (target?.kind !== "endpoint") return forwarding === "masq" ? written : 0;
  if (written === 0 || written === target.port) return target.port;
  if (forwarding === "masq") return written;
  report(span, "L01", {
    severity: "warning",
    message: `\`${forwarding}\` cannot change the port: packets arrive at ${target.port}, not ${written}`,
    effect: `ipvsadm writes ${target.port} in its place without a word`,
    fix: `write port ${target.port}, or use \`masq\``,
  });
  return target.port;
}

function reportRepeated(
  name: string,
  span: Span,
  before: Span,
  { writer, report }: VirtualTranslation,
): void {
  writer.comment(`${name} stands here for the second time`);
  report(span, "D17", {
    severity: "warning",
    message: `the real server ${name} is listed twice`,
    related: [{ span: before, label: "first here" }],
    effect: "the first one counts; with ldirectord both do, and undo each other's changes",
    fix: "remove one of them",
  });
}

/** Ranges by address have been judged; those by name are known only now. */
function isCountable(first: IpAddress, last: IpAddress): boolean {
  if (first === last) return true;
  const count = countOf(first, last);
  return count >= 1 && count <= rangeMax;
}

function countOf(first: IpAddress, last: IpAddress): number {
  return first === last ? 1 : ipv4Number(last) - ipv4Number(first) + 1;
}

function addressesOf(first: IpAddress, last: IpAddress): readonly IpAddress[] {
  if (first === last) return [first];
  const from = ipv4Number(first);
  return Array.from({ length: countOf(first, last) }, (_, i) => ipv4FromNumber(from + i));
}

function writeReal(
  server: CheckedServer,
  translation: VirtualTranslation,
  method: ForwardingWord,
): void {
  const { writer } = translation;
  const { address, line, span, port } = server;
  writer.block(span, ["real_server", address, ...(port === 0 ? [] : [port])], () => {
    writer.line(span, "weight", line.weight ?? 1);
    writeRealOptions(line, span, writer, method);
    translateCheck(server, translation);
  });
}

function writeRealOptions(
  line: RealLine,
  span: Span,
  writer: KeepalivedWriter,
  method: ForwardingWord,
): void {
  if (line.forwarding !== method) writer.line(span, "lvs_method", methods[line.forwarding]);
  if (line.upperThreshold !== undefined && line.upperThreshold > 0)
    writer.line(span, "uthreshold", line.upperThreshold);
  if (line.lowerThreshold !== undefined && line.lowerThreshold > 0)
    writer.line(span, "lthreshold", line.lowerThreshold);
}
