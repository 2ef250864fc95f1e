// SCTP as the director sees it: which state follows from which chunk, seen from which side. As with
// TCP there are three tables, because behind DR and tunnels only the client's side is seen.

import { present } from "../base/assert.ts";
import { sctpChunks } from "../wire/sctp.ts";
import type { TcpDirection } from "./tcp-states.ts";

/** The names that `ipvsadm -Lc` prints. */
export type SctpState =
  | "NONE"
  | "INIT1"
  | "INIT"
  | "C-SENT"
  | "C-REPLIED"
  | "C-WAIT"
  | "COOKIE"
  | "C-ECHOED"
  | "ESTABLISHED"
  | "S-SENT"
  | "S-RECEIVED"
  | "S-ACK-SENT"
  | "REJECTED"
  | "CLOSED";

const abbreviations: Readonly<Record<string, SctpState>> = {
  NO: "NONE",
  I1: "INIT1",
  IN: "INIT",
  CS: "C-SENT",
  CR: "C-REPLIED",
  CW: "C-WAIT",
  CO: "COOKIE",
  CE: "C-ECHOED",
  ES: "ESTABLISHED",
  SS: "S-SENT",
  SR: "S-RECEIVED",
  SA: "S-ACK-SENT",
  RJ: "REJECTED",
  CL: "CLOSED",
};

// One column a current state, one row an event; the cell is the next state.
const columns = "NO I1 IN CS CR CW CO CE ES SS SR SA RJ CL";
const tables: Readonly<Record<TcpDirection, readonly string[]>> = {
  input: [
    "data              ES I1 IN CS CR CW CO CE ES SS SR SA RJ CL",
    "init              I1 IN IN CS CR CW CO CE ES SS SR SA IN IN",
    "init-ack          CW CW CW CS CR CO CO CE ES SS SR SA RJ CL",
    "cookie-echo       CR IN IN CR CR CW CO CE ES SS SR SA RJ CL",
    "cookie-ack        ES I1 IN CS CR CW CO ES ES SS SR SA RJ CL",
    "shutdown          SR I1 IN CS CR CW CO CE SR SS SR SA RJ CL",
    "shutdown-ack      CL IN IN CS CR CW CO CE ES CL SR CL RJ CL",
    "shutdown-complete CL CL CL CS CR CW CO CE ES SS SR CL RJ CL",
    "error             CL I1 IN CS CR CW CO CL ES SS SR SA RJ CL",
    "abort             CL CL CL CL CL RJ CL CL CL CL CL CL CL CL",
  ],
  output: [
    "data              ES I1 IN CS CR CW CO CE ES SS SR SA RJ CL",
    "init              CW CW CW CW CW CW CW CW ES CW CW CW CW CW",
    "init-ack          CS CS CS CS CR CW CO CE ES SS SR SA RJ CL",
    "cookie-echo       CE CE CE CE CE CE CE CE ES SS SR SA RJ CL",
    "cookie-ack        ES ES ES ES ES ES ES ES ES SS SR SA RJ CL",
    "shutdown          SS SS SS SS SS SS SS SS SS SS SR SA RJ CL",
    "shutdown-ack      SA SA SA SA SA CW CO CE ES SA SA SA RJ CL",
    "shutdown-complete CL I1 IN CS CR CW CO CE ES SS SR SA RJ CL",
    "error             CL CL CL CL CL CW CO CE ES SS SR SA RJ CL",
    "abort             CL RJ CL CL CL CL CL CL CL CL CL CL CL CL",
  ],
  "input-only": [
    "data              ES I1 IN CS CR ES CO CE ES SS SR SA RJ CL",
    "init              I1 IN IN IN IN IN CO CE ES SS SR SA IN IN",
    "init-ack          CE CE CE CE CE CE CO CE ES SS SR SA RJ CL",
    "cookie-echo       ES ES ES ES ES ES CO CE ES SS SR SA RJ CL",
    "cookie-ack        ES I1 IN ES ES CW ES ES ES SS SR SA RJ CL",
    "shutdown          SR I1 IN CS CR CW CO CE SR SS SR SA RJ CL",
    "shutdown-ack      CL IN IN CS CR CW CO CE CL CL SR CL RJ CL",
    "shutdown-complete CL CL CL CL CL CW CO CE ES SS CL CL RJ CL",
    "error             CL I1 IN CS CR CW CO CE ES SS SR SA RJ CL",
    "abort             CL CL CL CL CL RJ CL CL CL CL CL CL CL CL",
  ],
};

const transitions = new Map<string, SctpState>();
for (const [direction, rows] of Object.entries(tables)) {
  const from = columns.split(" ");
  for (const row of rows) {
    const [event, ...to] = row.split(/ +/);
    for (const [i, state] of to.entries()) {
      const key = `${direction} ${event} ${abbreviations[from[i] ?? ""]}`;
      transitions.set(key, present(abbreviations[state], "a state of the table has a name"));
    }
  }
}

/** Seconds that an association in this state is kept without a packet. */
export const sctpTimeoutsS: Readonly<Record<SctpState, number>> = {
  NONE: 2,
  INIT1: 4,
  INIT: 61,
  "C-SENT": 61,
  "C-REPLIED": 61,
  "C-WAIT": 61,
  COOKIE: 61,
  "C-ECHOED": 61,
  ESTABLISHED: 900,
  "S-SENT": 61,
  "S-RECEIVED": 61,
  "S-ACK-SENT": 61,
  REJECTED: 4,
  CLOSED: 61,
};

/** Events by chunk type; every other chunk counts as data. */
const events: Readonly<Record<number, string>> = {
  [sctpChunks.init]: "init",
  [sctpChunks.initAck]: "init-ack",
  [sctpChunks.abort]: "abort",
  [sctpChunks.shutdown]: "shutdown",
  [sctpChunks.shutdownAck]: "shutdown-ack",
  [sctpChunks.error]: "error",
  [sctpChunks.cookieEcho]: "cookie-echo",
  [sctpChunks.cookieAck]: "cookie-ack",
  [sctpChunks.shutdownComplete]: "shutdown-complete",
};

/** The state after a packet whose first chunk is of type `chunk`. */
export function stepSctpState(state: SctpState, direction: TcpDirection, chunk: number): SctpState {
  const event = events[chunk] ?? "data";
  return present(transitions.get(`${direction} ${event} ${state}`), "the table is complete");
}
