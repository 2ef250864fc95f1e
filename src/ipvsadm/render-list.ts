// ipvsadm's lists of the table.

import type { TrafficRates } from "../model/balancer-table.ts";
import type { ListFormat } from "./command.ts";
import type { ListedDestination, ListedService } from "./list-row.ts";
import type { ReverseNames } from "./names.ts";
import {
  persistenceColumns,
  plainColumns,
  printServerName,
  printServerRule,
  serverNameWidth,
  thresholdColumns,
  tunnelColumns,
} from "./print-destination.ts";
import { printServiceName, printServiceRule, printServiceTitle } from "./print-service.ts";
import { printQuantity } from "./quantities.ts";

const serviceWidth = 33;

/** What kind of list it is, where several were asked for. */
type ListKind = "stats" | "rate" | "thresholds" | "persistence" | "tunnels" | "plain";

function kindOf(format: ListFormat): ListKind {
  if (format.stats) return "stats";
  if (format.rate) return "rate";
  if (format.thresholds) return "thresholds";
  if (format.persistentConnections) return "persistence";
  return format.tunnels ? "tunnels" : "plain";
}

const address = "Prot LocalAddress:Port";
const remote = "  -> RemoteAddress:Port";
const titles: Readonly<Record<ListKind, readonly string[]>> = {
  stats: [countersTitle("Conns", "InPkts", "OutPkts", "InBytes", "OutBytes"), remote],
  rate: [countersTitle("CPS", "InPPS", "OutPPS", "InBPS", "OutBPS"), remote],
  thresholds: [
    `${address.padEnd(serviceWidth)} Uthreshold Lthreshold ActiveConn InActConn `,
    remote,
  ],
  persistence: [
    `${address.padEnd(serviceWidth)} Weight    PersistConn ActiveConn InActConn `,
    remote,
  ],
  tunnels: [
    `${address} Scheduler Flags`,
    `${remote.padEnd(serviceWidth)} Forward TunnelInfo    Weight ActiveConn InActConn`,
  ],
  plain: [
    `${address} Scheduler Flags`,
    `${remote.padEnd(serviceWidth)} Forward Weight ActiveConn InActConn`,
  ],
};

function countersTitle(...names: readonly string[]): string {
  return `${address.padEnd(serviceWidth)} ${names.map((name) => name.padStart(8)).join(" ")}`;
}

/** The line above a list of everything; `size` is that of the connection table. */
export function renderVersion(size: number): string {
  return `IP Virtual Server version 1.2.1 (size=${size})\n`;
}

/** A list with its title. */
export function renderList(
  services: readonly ListedService[],
  format: ListFormat,
  names: ReverseNames,
): string {
  const kind = kindOf(format);
  const lines = [...titles[kind]];
  for (const service of services) {
    lines.push(serviceLine(service, kind, format, names));
    for (const one of service.destinations) {
      const name = printServerName(service, one, names).padEnd(serverNameWidth);
      const columns = destinationColumns(one, kind, format);
      lines.push(`  -> ${name}${columns}`);
    }
  }
  return lines.map((line) => `${line}\n`).join("");
}

function serviceLine(
  service: ListedService,
  kind: ListKind,
  { exact }: ListFormat,
  names: ReverseNames,
): string {
  if (kind !== "stats" && kind !== "rate") return printServiceTitle(service, names);
  const name = printServiceName(service.key, names).padEnd(serviceWidth);
  return name + quantities(kind === "stats" ? service.counters : service.rates, exact).join("");
}

function destinationColumns(one: ListedDestination, kind: ListKind, format: ListFormat): string {
  switch (kind) {
    case "stats":
      return quantities(one.counters, format.exact).join("");
    case "rate": {
      // Only the bytes of a real server are ever shortened.
      const [, , , inBytes, outBytes] = quantities(one.rates, format.exact);
      const { connections, inPackets, outPackets } = one.rates;
      const whole = [connections, inPackets, outPackets].map(
        (value) => ` ${String(value).padStart(8)}`,
      );
      return `${whole.join("")}${inBytes}${outBytes}`;
    }
    case "thresholds":
      return ` ${thresholdColumns(one)}`;
    case "persistence":
      return ` ${persistenceColumns(one)}`;
    case "tunnels":
      return ` ${tunnelColumns(one)}`;
    case "plain":
      return ` ${plainColumns(one)}`;
  }
}

function quantities(values: TrafficRates, exact: boolean): readonly string[] {
  const { connections, inPackets, outPackets, inBytes, outBytes } = values;
  return [connections, inPackets, outPackets, inBytes, outBytes].map((value) =>
    printQuantity(value, exact),
  );
}

/** The commands that make the table [-S]. */
export function renderRules(services: readonly ListedService[], names: ReverseNames): string {
  const lines = services.flatMap((service) => [
    printServiceRule(service, names),
    ...service.destinations.map((one) => printServerRule(service, one, names)),
  ]);
  return lines.map((line) => `${line}\n`).join("");
}
