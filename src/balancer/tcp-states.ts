// TCP as the director sees it: which state follows from which packet, seen from which side. The
// director may see both directions (NAT) or only the client's (DR, tunnels), hence three tables.

import { present } from "../base/assert.ts";
import { tcpFlags } from "../wire/tcp.ts";

/** The names that `ipvsadm -Lc` prints. */
export type TcpState =
  | "NONE"
  | "ESTABLISHED"
  | "SYN_SENT"
  | "SYN_RECV"
  | "FIN_WAIT"
  | "TIME_WAIT"
  | "CLOSE"
  | "CLOSE_WAIT"
  | "LAST_ACK"
  | "LISTEN"
  | "SYNACK";

/** From the client; from the real server; from the client, with no hope of seeing the real server. */
export type TcpDirection = "input" | "output" | "input-only";

type TcpEvent = "syn" | "fin" | "ack" | "rst";

const abbreviations: Readonly<Record<string, TcpState>> = {
  NO: "NONE",
  ES: "ESTABLISHED",
  SS: "SYN_SENT",
  SR: "SYN_RECV",
  FW: "FIN_WAIT",
  TW: "TIME_WAIT",
  CL: "CLOSE",
  CW: "CLOSE_WAIT",
  LA: "LAST_ACK",
  LI: "LISTEN",
  SA: "SYNACK",
};

// One column a current state, one row an event; the cell is the next state.
const columns = "     NO ES SS SR FW TW CL CW LA LI SA";
const tables: Readonly<Record<TcpDirection, readonly string[]>> = {
  input: [
    "syn  SR ES ES SR SR SR SR SR SR SR SR",
    "fin  CL CW SS TW TW TW CL CW LA LI TW",
    "ack  ES ES SS ES FW TW CL CW CL LI ES",
    "rst  CL CL CL SR CL CL CL CL LA LI SR",
  ],
  output: [
    "syn  SS ES SS SR SS SS SS SS SS LI SR",
    "fin  TW FW SS TW FW TW CL TW LA LI TW",
    "ack  ES ES SS ES FW TW CL CW LA ES ES",
    "rst  CL CL SS CL CL TW CL CL CL CL CL",
  ],
  "input-only": [
    "syn  SR ES ES SR SR SR SR SR SR SR SR",
    "fin  CL FW SS TW FW TW CL CW LA LI TW",
    "ack  ES ES SS ES FW TW CL CW CL LI ES",
    "rst  CL CL CL SR CL CL CL CL LA LI CL",
  ],
};

const transitions = new Map<string, TcpState>();
for (const [direction, rows] of Object.entries(tables)) {
  const from = columns.trim().split(/ +/);
  for (const row of rows) {
    const [event, ...to] = row.split(/ +/);
    for (const [i, state] of to.entries()) {
      const key = `${direction} ${event} ${abbreviations[from[i] ?? ""]}`;
      transitions.set(key, present(abbreviations[state], "a state of the table has a name"));
    }
  }
}

/** Seconds that a connection in this state is kept without a packet. */
export const tcpTimeoutsS: Readonly<Record<TcpState, number>> = {
  NONE: 2,
  ESTABLISHED: 900,
  SYN_SENT: 120,
  SYN_RECV: 60,
  FIN_WAIT: 120,
  TIME_WAIT: 120,
  CLOSE: 10,
  CLOSE_WAIT: 60,
  LAST_ACK: 30,
  LISTEN: 120,
  SYNACK: 120,
};

// RST counts before SYN, SYN before FIN, FIN before ACK.
function tcpEvent(flags: number): TcpEvent | undefined {
  if ((flags & tcpFlags.rst) !== 0) return "rst";
  if ((flags & tcpFlags.syn) !== 0) return "syn";
  if ((flags & tcpFlags.fin) !== 0) return "fin";
  if ((flags & tcpFlags.ack) !== 0) return "ack";
  return undefined;
}

/** The state after a segment with these flags; CLOSE after one that has none of the four. */
export function stepTcpState(state: TcpState, direction: TcpDirection, flags: number): TcpState {
  const event = tcpEvent(flags);
  if (event === undefined) return "CLOSE";
  return present(transitions.get(`${direction} ${event} ${state}`), "the table is complete");
}

/** True for the states that count as ActiveConn. A half-open connection does. */
export function isActiveTcpState(state: TcpState): boolean {
  return (
    state === "ESTABLISHED" || state === "SYN_SENT" || state === "SYN_RECV" || state === "SYNACK"
  );
}
