// The director's end of the control socket.

import { chmodSync } from "node:fs";
import { createServer, type Server, type Socket } from "node:net";
import { fail, ok, type Result } from "../base/result.ts";
import type { LogEvent } from "../world/log.ts";
import {
  type ControlAnswer,
  type ControlEvent,
  type ControlRequest,
  parseControlRequest,
  requestBytesMax,
} from "./control-protocol.ts";
import { LineSplitter } from "./line-splitter.ts";

/** Beyond this number the client that has been silent for longest makes room. */
const clientsMax = 64;
/** An event stream that leaves this much unread is ended: the director does not wait for readers. */
const unreadBytesMax = 1024 * 1024;

/** How long an end waits for answers under way. */
const answerPatienceMs = 500;

/** Answers a request; `events` never reaches it. */
export type ControlHandler = (
  request: Exclude<ControlRequest, { readonly command: "events" }>,
) => Promise<ControlAnswer>;

/** Why the socket could not be opened. */
export interface ControlServerFault {
  readonly kind: "cannot-listen";
  readonly text: string;
}

/** A listening control socket. */
export class ControlServer {
  readonly #server: Server;
  readonly #handle: ControlHandler;
  /** Each with the answers that are under way to it. */
  readonly #clients = new Map<Socket, Promise<void>>();
  readonly #readers = new Set<Socket>();
  /** Clients without a request under way, the longest silent first. */
  readonly #silent = new Set<Socket>();

  private constructor(server: Server, handle: ControlHandler) {
    this.#server = server;
    this.#handle = handle;
    server.on("connection", (socket) => this.#welcome(socket));
  }

  /** Listens on `path`, readable and writable for the owner only. A file in its place is a fault. */
  static async open(
    path: string,
    handle: ControlHandler,
  ): Promise<Result<ControlServer, ControlServerFault>> {
    const server = createServer();
    const control = new ControlServer(server, handle);
    const outcome = await new Promise<string | undefined>((resolve) => {
      server.once("error", (error) => resolve(error.message));
      // The socket file is made inside the call, so nobody sees it with a wider mode.
      const before = process.umask(0o177);
      server.listen(path, () => resolve(undefined));
      process.umask(before);
    });
    if (outcome !== undefined) return fail({ kind: "cannot-listen", text: outcome });
    chmodSync(path, 0o600);
    return ok(control);
  }

  /** Sends one log event to every reader of the event stream. */
  publish(event: LogEvent, atMs: number): void {
    if (this.#readers.size === 0) return;
    const message: ControlEvent = { event: { ...event, atMs } };
    const line = `${JSON.stringify(message)}\n`;
    for (const reader of this.#readers) {
      if (reader.writableLength > unreadBytesMax) reader.destroy();
      else reader.write(line);
    }
  }

  /** Stops listening, lets answers under way reach their clients, and removes the socket file. */
  async close(): Promise<void> {
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()));
    const patience = setTimeout(() => {
      for (const client of this.#clients.keys()) client.destroy();
    }, answerPatienceMs);
    for (const [client, answered] of this.#clients) void answered.then(() => client.end());
    await closed;
    clearTimeout(patience);
  }

  #welcome(socket: Socket): void {
    // A client that goes away is no fault of the director's.
    socket.on("error", () => socket.destroy());
    if (this.#clients.size >= clientsMax && !this.#makeRoom()) {
      socket.end(`${JSON.stringify({ ok: false, error: "too many clients" })}\n`);
      return;
    }
    this.#clients.set(socket, Promise.resolve());
    this.#silent.add(socket);
    socket.on("close", () => {
      this.#silent.delete(socket);
      this.#clients.delete(socket);
      this.#readers.delete(socket);
    });
    const splitter = new LineSplitter(requestBytesMax);
    const inTurn = (work: () => Promise<void> | void): void => {
      const before = this.#clients.get(socket);
      if (before !== undefined) this.#clients.set(socket, before.then(work));
    };
    socket.on("data", (chunk: Uint8Array) => {
      for (const line of splitter.push(chunk)) inTurn(() => this.#serve(socket, line));
      if (!splitter.overlong) return;
      socket.pause();
      inTurn(() => {
        this.#answer(socket, {
          ok: false,
          error: `a request has at most ${requestBytesMax} bytes`,
        });
        socket.end();
      });
    });
  }

  /** Programs that forget their connections must not keep an operator out. */
  #makeRoom(): boolean {
    const [longest] = this.#silent;
    if (longest === undefined) return false;
    this.#silent.delete(longest);
    this.#clients.delete(longest);
    longest.destroy();
    return true;
  }

  async #serve(socket: Socket, line: string): Promise<void> {
    this.#silent.delete(socket);
    const request = parseControlRequest(line);
    if (!request.ok) {
      this.#answer(socket, { ok: false, error: request.fault.text });
    } else if (request.value.command === "events") {
      this.#answer(socket, { ok: true, text: "events follow" });
      this.#readers.add(socket);
    } else {
      this.#answer(socket, await this.#handle(request.value));
    }
    if (this.#clients.has(socket) && !this.#readers.has(socket)) this.#silent.add(socket);
  }

  #answer(socket: Socket, answer: ControlAnswer): void {
    if (!socket.destroyed) socket.write(`${JSON.stringify(answer)}\n`);
  }
}
