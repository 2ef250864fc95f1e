// Columns of counters and rates that virtual and real servers share, at different numbers.

import type { TrafficCounters, TrafficRates } from "../../../model/balancer-table.ts";
import { type Column, column } from "../mib-group.ts";
import { counter32, counter64, gauge, type SnmpValue } from "../value.ts";

/** The first numbers of the blocks of columns. */
export interface TrafficNumbers {
  readonly connections: number;
  readonly packets: number;
  readonly rates: number;
  readonly wide: number;
  readonly wideRates: number;
}

const modulus = 2 ** 32;

/** The columns; the MIB's names begin with `prefix`. */
export function trafficColumns<Row>(
  prefix: string,
  at: TrafficNumbers,
  read: {
    readonly counters: (row: Row) => TrafficCounters;
    readonly rates: (row: Row) => TrafficRates;
  },
): readonly Column<Row>[] {
  const count = (
    number: number,
    name: string,
    value: (counters: TrafficCounters) => SnmpValue,
  ): Column<Row> => column(number, `${prefix}Stats${name}`, (row) => value(read.counters(row)));
  const rateNames = [
    ["Cps", "connections"],
    ["InPPS", "inPackets"],
    ["OutPPS", "outPackets"],
    ["InBPS", "inBytes"],
    ["OutBPS", "outBytes"],
  ] as const;
  return [
    count(at.connections, "Conns", ({ connections }) => gauge(connections % modulus)),
    count(at.packets, "InPkts", ({ inPackets }) => counter32(inPackets)),
    count(at.packets + 1, "OutPkts", ({ outPackets }) => counter32(outPackets)),
    count(at.packets + 2, "InBytes", ({ inBytes }) => counter64(inBytes)),
    count(at.packets + 3, "OutBytes", ({ outBytes }) => counter64(outBytes)),
    ...rateNames.map(([name, key], i) =>
      column<Row>(at.rates + i, `${prefix}Rate${name}`, (row) => gauge(read.rates(row)[key])),
    ),
    count(at.wide, "Conns64", ({ connections }) => counter64(connections)),
    count(at.wide + 1, "InPkts64", ({ inPackets }) => counter64(inPackets)),
    count(at.wide + 2, "OutPkts64", ({ outPackets }) => counter64(outPackets)),
    // Halves of 64 bits, for those who read no gauge beyond 32.
    ...rateNames.flatMap(([name, key], i) => [
      column<Row>(at.wideRates + 2 * i, `${prefix}Rate${name}Low`, (row) =>
        gauge(Math.trunc(read.rates(row)[key]) % modulus),
      ),
      column<Row>(at.wideRates + 2 * i + 1, `${prefix}Rate${name}High`, (row) =>
        gauge(read.rates(row)[key] / modulus),
      ),
    ]),
  ];
}
