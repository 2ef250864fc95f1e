// Cuts a stream of bytes into AgentX messages: they arrive in pieces, and several at once.

import { headerBytes, payloadLength } from "./message.ts";

/** Keeps what is not whole yet. */
export class AgentxFraming {
  #kept: Buffer = Buffer.alloc(0);

  /** The messages that are whole now. Throws an `AgentxFormatError` where the stream is none. */
  push(chunk: Buffer): readonly Buffer[] {
    this.#kept = this.#kept.length === 0 ? chunk : Buffer.concat([this.#kept, chunk]);
    const messages: Buffer[] = [];
    while (this.#kept.length >= headerBytes) {
      const length = headerBytes + payloadLength(this.#kept);
      if (this.#kept.length < length) break;
      messages.push(this.#kept.subarray(0, length));
      this.#kept = this.#kept.subarray(length);
    }
    return messages;
  }
}
