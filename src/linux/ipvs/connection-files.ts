// The connections of the kernel's IPVS, read a piece at a time: there may be millions.

import { closeSync, openSync, readSync } from "node:fs";
import type { ConnectionEntry } from "../../model/connection-entry.ts";
import { connectionIdentity, isSynced, parseConnectionLine } from "./connection-text.ts";

const connectionsPath = "/proc/net/ip_vs_conn";
const originsPath = "/proc/net/ip_vs_conn_sync";
const pieceLength = 1 << 16;

/** All entries at about this moment. Throws when the files cannot be opened or read. */
export function* readConnections(): Generator<ConnectionEntry> {
  // The file with the data of persistence engines does not tell where an entry came from.
  const synced = new Set<string>();
  for (const line of lines(originsPath)) if (isSynced(line)) synced.add(connectionIdentity(line));
  for (const line of lines(connectionsPath)) {
    const entry = parseConnectionLine(line);
    if (entry === undefined) continue;
    yield synced.has(connectionIdentity(line)) ? { ...entry, synced: true } : entry;
  }
}

function* lines(path: string): Generator<string> {
  const file = openSync(path, "r");
  try {
    const piece = new Uint8Array(pieceLength);
    let rest = "";
    for (;;) {
      const length = readSync(file, piece);
      if (length === 0) break;
      const text = rest + Buffer.from(piece.buffer, 0, length).toString("latin1");
      const complete = text.split("\n");
      rest = complete.pop() ?? "";
      yield* complete;
    }
    if (rest !== "") yield rest;
  } finally {
    closeSync(file);
  }
}
