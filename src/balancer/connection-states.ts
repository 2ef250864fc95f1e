// What a packet does to the state of its connection, and how long that state lasts.

import type { BalancerSettings } from "../model/balancer-settings.ts";
import { sctpChunks } from "../wire/sctp.ts";
import { tcpFlags } from "../wire/tcp.ts";
import { assureTemplate, type Connection, enterState } from "./connection.ts";
import type { TransportView } from "./packet.ts";
import { type SctpState, sctpTimeoutsS, stepSctpState } from "./sctp-states.ts";
import {
  isActiveTcpState,
  stepTcpState,
  type TcpDirection,
  type TcpState,
  tcpTimeoutsS,
} from "./tcp-states.ts";

/** Moves a connection on by a packet of the client (`input`) or the real server (`output`). */
export function advanceConnection(
  connection: Connection,
  seen: "input" | "output",
  transport: TransportView,
  settings: BalancerSettings,
): void {
  if (seen === "output") connection.noOutput = false;
  const direction: TcpDirection = connection.noOutput ? "input-only" : seen;
  switch (connection.protocol) {
    case "TCP": {
      const state = stepTcpState(connection.state as TcpState, direction, transport.tcpFlags);
      enterState(connection, state, isActiveTcpState(state));
      connection.timeoutMs = tcpTimeoutS(state, settings) * 1000;
      break;
    }
    case "SCTP": {
      if (transport.sctpChunk === undefined) break;
      const state = stepSctpState(connection.state as SctpState, direction, transport.sctpChunk);
      enterState(connection, state, state === "ESTABLISHED");
      connection.timeoutMs = sctpTimeoutsS[state] * 1000;
      break;
    }
    default:
      connection.state = "UDP";
      connection.timeoutMs = settings.udpTimeoutS * 1000;
      if (seen === "output") assureTemplate(connection);
  }
}

function tcpTimeoutS(state: TcpState, settings: BalancerSettings): number {
  if (state === "ESTABLISHED") return settings.tcpEstablishedTimeoutS;
  if (state === "FIN_WAIT") return settings.tcpFinTimeoutS;
  return tcpTimeoutsS[state];
}

/** True when a packet may begin a connection: a SYN, an INIT, any datagram; more when sloppy. */
export function mayStart(
  protocol: Connection["protocol"],
  transport: TransportView,
  settings: BalancerSettings,
): boolean {
  if (protocol === "TCP") {
    if ((transport.tcpFlags & tcpFlags.rst) !== 0) return false;
    return settings.sloppyTcp || (transport.tcpFlags & tcpFlags.syn) !== 0;
  }
  if (protocol !== "SCTP") return true;
  const { sctpChunk } = transport;
  if (sctpChunk === undefined || sctpChunk === sctpChunks.abort) return false;
  return settings.sloppySctp || sctpChunk === sctpChunks.init;
}

/** A SYN or INIT on a connection that is over, or whose server must not get new ones, starts another. */
export function isReuse(
  standing: Connection,
  transport: TransportView,
  settings: BalancerSettings,
): boolean {
  const { protocol } = standing;
  const isFirst =
    protocol === "TCP"
      ? (transport.tcpFlags & tcpFlags.syn) !== 0
      : protocol === "SCTP" && transport.sctpChunk === sctpChunks.init;
  if (!isFirst) return false;
  const { expireNodestConnections, connectionReuseMode } = settings;
  if (expireNodestConnections && standing.destination.weight === 0) return true;
  if (connectionReuseMode === 0 || standing.control !== undefined) return false;
  if (protocol === "SCTP") return standing.state === "CLOSED";
  if (standing.state === "TIME_WAIT" || standing.state === "CLOSE") return true;
  return (connectionReuseMode & 2) !== 0 && standing.state === "FIN_WAIT" && standing.noOutput;
}

/** True for the packet that ends everything at once: nobody answers it. */
export function isAbort(protocol: Connection["protocol"], transport: TransportView): boolean {
  if (protocol === "TCP") return (transport.tcpFlags & tcpFlags.rst) !== 0;
  return protocol === "SCTP" && transport.sctpChunk === sctpChunks.abort;
}
