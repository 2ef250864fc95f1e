// A saved table in keepalived's words. Its servers are not checked, as there is nothing that says how.

import { isScheduler, schedulerNames } from "../../model/virtual-server.ts";
import { KeepalivedWriter } from "../convert/keepalived-writer.ts";
import type { Translation } from "../convert/translation.ts";
import type { Diagnostic, Span } from "../text/diagnostic.ts";
import { nearestWord } from "../text/nearest-word.ts";
import { dottedMask } from "../text/netmask.ts";
import { parseSavedTable } from "./parse-saved-table.ts";
import { printSavedTable } from "./print-saved-table.ts";
import type { ResolveHost } from "./rule-values.ts";
import {
  familyOfKey,
  flagNames,
  type OnLine,
  type PlacedService,
  type SavedServer,
} from "./saved-table.ts";

const weightMax = 65_535;

/** Reads a text and says it in keepalived's words. Never throws. */
export function readSavedTable(text: string, file: string, resolve?: ResolveHost): Translation {
  const { table, diagnostics } = parseSavedTable(text, file, resolve);
  const notes: Diagnostic[] = [];
  const writer = new KeepalivedWriter();
  for (const service of table.services) writeService(service, writer, notes);
  if (table.commentsBelow.length > 0) writer.gap();
  writer.comments(table.commentsBelow);
  return { text: writer.text, spans: writer.spans, diagnostics: [...diagnostics, ...notes] };
}

function writeService(service: PlacedService, writer: KeepalivedWriter, notes: Diagnostic[]): void {
  const { value, span, servers } = service;
  const { key } = value;
  const words = key.kind === "fwmark" ? ["fwmark", key.fwmark] : [key.address, key.port];
  writer.gap();
  writer.comments(service.comments);
  if (servers.length === 0) {
    const rule = printSavedTable([{ ...value, servers: [] }]).trimEnd();
    writer.comment(`${rule}: a service without servers is left out`);
    notes.push({
      severity: "warning",
      code: "A12",
      message: "this service has no server",
      span,
      effect: "IPVS refuses its clients; Keelson leaves it out, and they reach the host itself",
      fix: "add a server, or remove the line",
    });
    return;
  }
  writer.block(span, ["virtual_server", ...words], () => {
    writeScheduling(service, writer, notes);
    for (const server of servers) writeServer(server, service, writer, notes);
  });
}

function writeScheduling(
  { value, span, servers }: PlacedService,
  writer: KeepalivedWriter,
  notes: Diagnostic[],
): void {
  const { key, scheduler } = value;
  writer.line(span, "lb_algo", knownScheduler(scheduler, span, notes));
  const names = flagNames(scheduler);
  for (const flag of value.flags) writer.line(span, names[flag - 1] ?? `flag-${flag}`);
  writer.line(span, "lb_kind", servers[0]?.value.forwarding ?? "DR");
  if (key.kind === "address") writer.line(span, "protocol", key.protocol);
  else if (key.family === 6) writer.line(span, "ip_family", "inet6");
  if (value.persistenceTimeoutS > 0) {
    writer.line(span, "persistence_timeout", value.persistenceTimeoutS);
    const length = value.persistencePrefixLength;
    const isIpv4 = familyOfKey(key) === 4;
    if (length !== (isIpv4 ? 32 : 128))
      writer.line(span, "persistence_granularity", isIpv4 ? dottedMask(length) : length);
  }
  if (value.persistenceEngine !== undefined)
    writer.line(span, "persistence_engine", value.persistenceEngine);
  if (value.onePacket) writer.line(span, "ops");
}

function knownScheduler(scheduler: string, span: Span, notes: Diagnostic[]): string {
  if (isScheduler(scheduler)) return scheduler;
  const near = nearestWord(scheduler, schedulerNames);
  notes.push({
    severity: "error",
    code: "A05",
    message: `\`${scheduler}\` is no scheduler of IPVS`,
    span,
    stops: true,
    ...(near === undefined ? {} : { label: `did you mean \`${near}\`?` }),
    effect: "ipvsadm says so and goes on without the service and its servers",
  });
  return "wlc";
}

function writeServer(
  { value, span, comments }: OnLine<SavedServer>,
  service: PlacedService,
  writer: KeepalivedWriter,
  notes: Diagnostic[],
): void {
  const common = service.servers[0]?.value.forwarding;
  writer.comments(comments);
  writer.block(
    span,
    ["real_server", value.address, ...(value.port === 0 ? [] : [value.port])],
    () => {
      if (value.weight > weightMax) {
        writer.comment(`-w ${value.weight}: ${weightMax} is the largest weight here`);
        notes.push({
          severity: "warning",
          code: "A05",
          message: `the weight ${value.weight} is out of range`,
          span,
          label: `0 to ${weightMax}`,
          effect: `${weightMax} counts`,
          fix: "divide all weights of the service by the same number",
        });
      }
      writer.line(span, "weight", Math.min(value.weight, weightMax));
      const tunnel = tunnelWords(value);
      if (value.forwarding !== common || tunnel.length > 0)
        writer.line(span, "lvs_method", value.forwarding, ...tunnel);
      if (value.upperThreshold > 0) writer.line(span, "uthreshold", value.upperThreshold);
      if (value.lowerThreshold > 0) writer.line(span, "lthreshold", value.lowerThreshold);
    },
  );
}

/** IP in IP is what a tunnel is without further words. */
function tunnelWords({ forwarding, tunnel }: SavedServer): readonly (string | number)[] {
  if (forwarding !== "TUN" || tunnel === undefined || tunnel.type === "ipip") return [];
  const port = tunnel.port === undefined ? [] : ["port", tunnel.port];
  const checksum = { none: [], full: ["csum"], remote: ["remcsum"] }[tunnel.checksum];
  return ["type", tunnel.type, ...port, ...checksum];
}
