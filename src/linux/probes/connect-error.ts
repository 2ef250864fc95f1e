// What an error of a probe's socket says: of the server, or of this machine.

import type { ProbeOutcome } from "../../world/probe-network.ts";

/** Errors that this machine causes alone; a server must not be taken out for them. */
const ownFaults: Readonly<Record<string, string>> = {
  EMFILE: "too many open files",
  ENFILE: "too many open files on the whole machine",
  ENOBUFS: "no buffer space",
  ENOMEM: "out of memory",
  EADDRNOTAVAIL: "the local address or port is not available",
  EADDRINUSE: "the local address and port are in use",
  EPERM: "not permitted, perhaps by a local firewall rule",
  EACCES: "not permitted",
  EINVAL: "invalid local address",
};

/** The outcome of a probe whose socket failed. */
export function outcomeOfError(error: unknown, peer: string): ProbeOutcome {
  const code = codeOf(error);
  const own = ownFaults[code];
  if (own !== undefined || code.startsWith("ERR_"))
    return {
      kind: "impossible",
      reason: `cannot probe ${peer}: ${own ?? String(error)} (${code})`,
    };
  return { kind: "failed", reason: reasonOf(code, peer) };
}

function codeOf(error: unknown): string {
  if (error instanceof Error && "code" in error && typeof error.code === "string")
    return error.code;
  return "unknown error";
}

function reasonOf(code: string, peer: string): string {
  switch (code) {
    case "ECONNREFUSED":
      return `connection refused by ${peer}`;
    case "ECONNRESET":
    case "EPIPE":
      return `connection reset by ${peer}`;
    case "EHOSTUNREACH":
    case "EHOSTDOWN":
      return `no route to host ${peer}`;
    case "ENETUNREACH":
      return `network of ${peer} is unreachable`;
    case "ETIMEDOUT":
      return `timed out: no connection to ${peer}`;
    default:
      return `connection to ${peer} failed: ${code}`;
  }
}
