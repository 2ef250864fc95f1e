// Where the body of an HTTP/1.x response ends (RFC 9112 section 6).

import { fail, ok, type Result } from "../base/result.ts";

export type BodyFraming =
  | { readonly kind: "none" }
  | { readonly kind: "length"; readonly length: number }
  | { readonly kind: "chunked" }
  | { readonly kind: "until-close" };

/** RFC 9112 section 6.3, for the answer to a GET. `lines` are the header's fields. */
export function frameBody(status: number, lines: readonly string[]): Result<BodyFraming, string> {
  let length: string | undefined;
  let coding: string | undefined;
  for (const line of lines) {
    if (line === "") continue;
    // Folded lines continue a field; none of the fields that matter here is ever folded.
    if (/^[ \t]/.test(line)) continue;
    const colon = line.indexOf(":");
    if (colon < 1 || /\s/.test(line.slice(0, colon))) return fail("a header field is malformed");
    const name = line.slice(0, colon).toLowerCase();
    const value = line.slice(colon + 1).trim();
    if (name === "content-length") {
      if (length !== undefined && length !== value) return fail("two different Content-Lengths");
      length = value;
    }
    if (name === "transfer-encoding") coding = value.toLowerCase();
  }
  if (status === 204 || status === 304) return ok({ kind: "none" });
  if (coding !== undefined) {
    if (coding !== "chunked") return fail("a transfer coding other than chunked");
    return ok({ kind: "chunked" });
  }
  if (length === undefined) return ok({ kind: "until-close" });
  if (!/^\d{1,15}$/.test(length)) return fail("the Content-Length is malformed");
  return ok({ kind: "length", length: Number(length) });
}

/** Longest line of chunk sizes and trailers; all trailers together. */
const lineBytesMax = 4096;

/** A chunked body as it arrives (RFC 9112 section 7.1). */
export class ChunkedBody {
  #phase: "size" | "data" | "data-end" | "trailer" = "size";
  #line = "";
  #left = 0;
  #trailerBytes = 0;

  /** Hands the data of chunks to `onData`; true when the last chunk and the trailer have been read. */
  push(bytes: Uint8Array, onData: (part: Uint8Array) => void): Result<boolean, string> {
    let at = 0;
    while (at < bytes.length) {
      if (this.#phase === "data") {
        const part = bytes.subarray(at, at + this.#left);
        onData(part);
        at += part.length;
        this.#left -= part.length;
        if (this.#left === 0) this.#phase = "data-end";
        continue;
      }
      const byte = bytes[at] ?? 0;
      at++;
      if (this.#phase === "trailer" && ++this.#trailerBytes > lineBytesMax)
        return fail("the trailer is too long");
      if (byte !== 10) {
        this.#line += String.fromCharCode(byte);
        if (this.#line.length > lineBytesMax) return fail("a chunk's size line is too long");
        continue;
      }
      const line = this.#line.endsWith("\r") ? this.#line.slice(0, -1) : this.#line;
      this.#line = "";
      const ended = this.#endLine(line);
      if (!ended.ok || ended.value) return ended;
    }
    return ok(false);
  }

  #endLine(line: string): Result<boolean, string> {
    switch (this.#phase) {
      case "size": {
        const size = /^([0-9a-fA-F]{1,12})[ \t]*(?:;.*)?$/.exec(line);
        if (size === null) return fail("a chunk's size is malformed");
        this.#left = Number.parseInt(size[1] ?? "", 16);
        this.#phase = this.#left === 0 ? "trailer" : "data";
        return ok(false);
      }
      case "data-end":
        if (line !== "") return fail("a chunk is longer than its size");
        this.#phase = "size";
        return ok(false);
      case "trailer":
        return ok(line === "");
      case "data":
        return ok(false);
    }
  }
}
