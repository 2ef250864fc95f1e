// Which connection the later pieces of a packet belong to: only its first piece has the ports.

import type { Connection } from "./connection.ts";
import type { PacketView } from "./packet.ts";

/** As long as the kernel waits for the pieces of one packet. */
const FRAGMENT_MS = 30_000;
/** The oldest are forgotten beyond this many packets in pieces. */
const FRAGMENTS_MAX = 65_536;

/** Where the first piece of a packet went. */
export interface FirstPiece {
  readonly connection: Connection;
  readonly side: "from-client" | "from-server";
}

export class FragmentTable {
  readonly #first = new Map<string, FirstPiece & { readonly untilMs: number }>();

  /** Remembers where a first piece went; what is no fragment is ignored. */
  remember(packet: PacketView, piece: FirstPiece, nowMs: number): void {
    if (packet.fragment === undefined) return;
    const key = keyOf(packet);
    // Entries stand in the order of their end, because each lives as long as the others.
    this.#first.delete(key);
    this.#first.set(key, { ...piece, untilMs: nowMs + FRAGMENT_MS });
    this.#forget(nowMs);
  }

  /** Where a later piece belongs; undefined when its first piece was not seen. */
  find(packet: PacketView, nowMs: number): FirstPiece | undefined {
    const found = this.#first.get(keyOf(packet));
    return found === undefined || found.untilMs <= nowMs ? undefined : found;
  }

  #forget(nowMs: number): void {
    for (const [key, { untilMs }] of this.#first) {
      if (untilMs > nowMs && this.#first.size <= FRAGMENTS_MAX) return;
      this.#first.delete(key);
    }
  }
}

function keyOf({ source, destination, protocol, fragment }: PacketView): string {
  return `${source} ${destination} ${protocol} ${fragment?.identification}`;
}
