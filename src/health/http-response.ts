// An HTTP/1.x response as it arrives (RFC 9112), read without trusting the sender: header and body
// are bounded, every malformed part is refused with a reason. Only what a health check needs.

import { type BodyFraming, ChunkedBody, frameBody } from "./http-framing.ts";

/** Longest status line and header in bytes, interim responses included. */
export const headerBytesMax: number = 64 * 1024;
/** Longest body that is looked at, in bytes. */
export const bodyBytesMax: number = 1024 * 1024;

export type HttpProgress =
  | { readonly kind: "more" }
  /** `truncated`: the body is longer than `bodyBytesMax` and was not read to its end. */
  | {
      readonly kind: "complete";
      readonly status: number;
      readonly body: Uint8Array;
      readonly truncated: boolean;
    }
  | { readonly kind: "malformed"; readonly reason: string };

/** Neither field: the header goes on in the next bytes. */
interface HeadPart {
  readonly headEndsAt?: number;
  readonly fault?: string;
}

const more: HttpProgress = { kind: "more" };

/** Reads one response; feed it until it answers something else than `more`. */
export class HttpResponseReader {
  #line = "";
  #lines: string[] = [];
  #headBytes = 0;
  #status = 0;
  #framing: BodyFraming | undefined;
  readonly #chunked = new ChunkedBody();
  readonly #parts: Uint8Array[] = [];
  #bodyBytes = 0;

  /** Takes bytes of the connection. */
  push(bytes: Uint8Array): HttpProgress {
    let rest = bytes;
    while (this.#framing === undefined) {
      const taken = this.#takeHead(rest);
      if (taken.fault !== undefined) return malformed(taken.fault);
      if (taken.headEndsAt === undefined) return more;
      rest = rest.subarray(taken.headEndsAt);
    }
    return this.#takeBody(this.#framing, rest);
  }

  /** The connection has ended. */
  end(): HttpProgress {
    const framing = this.#framing;
    if (framing === undefined)
      return malformed(
        this.#headBytes === 0 ? "closed without an answer" : "closed within the header",
      );
    if (framing.kind === "until-close") return this.#complete(false);
    if (framing.kind === "length")
      return malformed(`closed after ${this.#bodyBytes} of ${framing.length} bytes`);
    return malformed("closed within a chunked body");
  }

  /** Bytes of the answer so far, for reasons. */
  get bytesRead(): number {
    return this.#headBytes + this.#bodyBytes;
  }

  /** Consumes up to the empty line that ends a header. */
  #takeHead(bytes: Uint8Array): HeadPart {
    const lineFeed = 10;
    for (let at = 0; at < bytes.length; at++) {
      const byte = bytes[at] ?? 0;
      this.#headBytes++;
      if (this.#headBytes > headerBytesMax)
        return { fault: `header longer than ${headerBytesMax} bytes` };
      if (byte !== lineFeed) {
        this.#line += String.fromCharCode(byte);
        const opening = this.#lines.length === 0 && this.#line.length === 7;
        if (opening && this.#line !== "HTTP/1.") return { fault: "the answer is not HTTP/1.x" };
        continue;
      }
      const line = this.#line.endsWith("\r") ? this.#line.slice(0, -1) : this.#line;
      this.#line = "";
      if (line !== "") {
        this.#lines.push(line);
        continue;
      }
      const fault = this.#endHead();
      return fault === undefined ? { headEndsAt: at + 1 } : { fault };
    }
    return {};
  }

  #endHead(): string | undefined {
    const [first = "", ...fields] = this.#lines;
    this.#lines = [];
    const statusLine = /^HTTP\/1\.[01] ([1-5]\d\d)(?: .*)?$/.exec(first);
    if (statusLine === null) return "the status line is malformed";
    this.#status = Number(statusLine[1]);
    // Interim responses (RFC 9110 15.2) precede the final one and have no body.
    if (this.#status < 200) return undefined;
    const framing = frameBody(this.#status, fields);
    if (!framing.ok) return framing.fault;
    this.#framing = framing.value;
    return undefined;
  }

  #takeBody(framing: BodyFraming, bytes: Uint8Array): HttpProgress {
    switch (framing.kind) {
      case "none":
        return this.#complete(false);
      case "until-close":
        return this.#keep(bytes) ? more : this.#complete(true);
      case "length": {
        const left = framing.length - this.#bodyBytes;
        if (!this.#keep(bytes.subarray(0, left))) return this.#complete(true);
        return this.#bodyBytes >= framing.length ? this.#complete(false) : more;
      }
      case "chunked": {
        let fits = true;
        const progress = this.#chunked.push(bytes, (part) => {
          fits = fits && this.#keep(part);
        });
        if (!progress.ok) return malformed(progress.fault);
        if (!fits) return this.#complete(true);
        return progress.value ? this.#complete(false) : more;
      }
    }
  }

  /** Keeps a part of the body; false when there is no room for it. */
  #keep(part: Uint8Array): boolean {
    const room = bodyBytesMax - this.#bodyBytes;
    if (part.length > 0) this.#parts.push(part.slice(0, room));
    this.#bodyBytes += Math.min(part.length, room);
    return part.length <= room;
  }

  #complete(truncated: boolean): HttpProgress {
    const body = new Uint8Array(this.#bodyBytes);
    let at = 0;
    for (const part of this.#parts) {
      body.set(part, at);
      at += part.length;
    }
    return { kind: "complete", status: this.#status, body, truncated };
  }
}

function malformed(reason: string): HttpProgress {
  return { kind: "malformed", reason };
}
