// KEEPALIVED-MIB: real servers, with the sorry server as the last of each virtual server.

import type { ManagementFacts } from "../../facts.ts";
import { type Column, column, type MibGroup, table } from "../mib-group.ts";
import { type RealFacts, realServersOf, timingOf, virtualServersOf } from "../server-facts.ts";
import { gauge, integer, octetsOrNothing, truth } from "../value.ts";
import { checkEntry } from "./identifiers.ts";
import { programValue } from "./programs.ts";
import { forwardingCode, realValues } from "./server-values.ts";
import { trafficColumns } from "./traffic.ts";
import { tunnelColumns } from "./virtual-servers.ts";

const nothing = { connections: 0, inPackets: 0, outPackets: 0, inBytes: 0, outBytes: 0 };

function timing(
  number: number,
  name: string,
  value: (timing: NonNullable<ReturnType<typeof timingOf>>) => number,
): Column<RealFacts> {
  return column(number, name, (row) => {
    const found = timingOf(row);
    return found === undefined ? undefined : gauge(value(found));
  });
}

/** The checks of a server decide together, so that one failed check is what is known to have failed. */
function failedChecks(row: RealFacts): number {
  return row.status?.health === "down" ? 1 : 0;
}

const realServers = table<ManagementFacts, RealFacts>({
  name: "realServerTable",
  entry: checkEntry(4),
  rows: (facts) =>
    virtualServersOf(facts).flatMap((virtual) =>
      realServersOf(virtual).map((row) => ({ index: [virtual.number, row.number], row })),
    ),
  columns: [
    column(2, "realServerType", ({ real }) => integer(real === undefined ? 2 : 1)),
    column(3, "realServerAddrType", realValues.addressType),
    column(4, "realServerAddress", realValues.address),
    column(5, "realServerPort", realValues.port),
    column(6, "realServerStatus", realValues.status),
    column(7, "realServerWeight", ({ status, real }) =>
      integer(status?.configuredWeight ?? real?.weight ?? 1),
    ),
    column(8, "realServerUpperConnectionLimit", ({ real }) =>
      real === undefined || real.upperThreshold === 0 ? undefined : gauge(real.upperThreshold),
    ),
    column(9, "realServerLowerConnectionLimit", ({ real }) =>
      real === undefined || real.lowerThreshold === 0 ? undefined : gauge(real.lowerThreshold),
    ),
    column(10, "realServerActionWhenDown", ({ real }) =>
      real === undefined ? undefined : integer(real.inhibitOnFailure ? 2 : 1),
    ),
    column(11, "realServerNotifyUp", ({ real }) => programValue(real?.options?.up)),
    column(12, "realServerNotifyDown", ({ real }) => programValue(real?.options?.down)),
    column(13, "realServerFailedChecks", (row) =>
      row.real === undefined ? undefined : gauge(failedChecks(row)),
    ),
    ...trafficColumns<RealFacts>(
      "realServer",
      { connections: 14, packets: 18, rates: 22, wide: 27, wideRates: 30 },
      {
        counters: ({ status }) => status?.counters ?? nothing,
        rates: ({ virtual, number }) => virtual.facts.rates(virtual.number - 1, number - 1),
      },
    ),
    column(15, "realServerStatsActiveConns", ({ status }) => gauge(status?.activeConnections ?? 0)),
    column(16, "realServerStatsInactiveConns", ({ status }) =>
      gauge(status?.inactiveConnections ?? 0),
    ),
    column(40, "realServerForwardingMethod", ({ wish }) =>
      integer(forwardingCode[wish.forwarding]),
    ),
    column(41, "realServerVirtualHost", ({ real }) => {
      const http = real?.checks.find((check) => check.kind === "HTTP_GET");
      return octetsOrNothing(http?.requests[0]?.virtualHost);
    }),
    column(42, "realServerAlpha", ({ real, virtual }) =>
      real === undefined ? undefined : truth(real.options?.alpha ?? virtual.wish.alpha),
    ),
    timing(43, "realServerRetry", ({ retries }) => retries),
    timing(44, "realServerDelayBeforeRetry", ({ delayBeforeRetryMs }) => delayBeforeRetryMs / 1000),
    timing(45, "realServerWarmup", ({ warmupMs }) => warmupMs / 1000),
    timing(46, "realServerDelayLoop", ({ delayLoopMs }) => delayLoopMs / 1000),
    column(47, "realServerSmtpAlert", ({ real, virtual }) => {
      if (real === undefined) return undefined;
      const alerts = virtual.facts.model.global.options?.mail?.alerts;
      const inherited = virtual.wish.options?.mail ?? alerts?.checkers ?? alerts?.all ?? false;
      return truth(real.options?.mail ?? inherited);
    }),
    timing(
      48,
      "realServerDelayBeforeRetryUsec",
      ({ delayBeforeRetryMs }) => delayBeforeRetryMs * 1000,
    ),
    timing(49, "realServerWarmupUsec", ({ warmupMs }) => warmupMs * 1000),
    timing(50, "realServerDelayLoopUsec", ({ delayLoopMs }) => delayLoopMs * 1000),
    timing(51, "realServerConnTimeoutUsec", ({ connectTimeoutMs }) => connectTimeoutMs * 1000),
    ...tunnelColumns<RealFacts>("realServer", 52, ({ wish }) => wish.tunnel),
    column(55, "realServerName", ({ real }) => octetsOrNothing(real?.options?.snmpName)),
  ],
});

/** The table of real servers. */
export const realServerGroups: readonly MibGroup<ManagementFacts>[] = [realServers];
