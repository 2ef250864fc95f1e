// The VRRP process's end of the channel: a UNIX socket, one client (the main process), one JSON
// object a line. Writing never waits: log lines that the client does not read in time are dropped and
// counted, and news are kept until it has heard them.

import { chmodSync, rmSync } from "node:fs";
import { connect, createServer, type Server, type Socket } from "node:net";
import { fail, ok, type Result } from "../../base/result.ts";
import type { EngineNews, FromVrrp, ToVrrp } from "../vrrp-channel.ts";
import { NewsKeeper } from "./news-keeper.ts";

const PROTOCOL = 2;
/** Unread output of a client beyond which log lines are dropped. */
const OUTPUT_BYTES_MAX = 1 << 20;
const LINE_LENGTH_MAX = 1 << 26;

/** Takes the requests of whoever is connected. */
export interface ChannelHandler {
  onRequest(request: ToVrrp): void;
}

export class ChannelServer {
  readonly #server: Server;
  readonly #handler: ChannelHandler;
  #client: Socket | undefined;
  readonly #news = new NewsKeeper();
  /** Numbers of news that the client has not been sent. */
  #unsent: number[] = [];
  readonly #epoch = `${process.pid}-${Date.now()}`;
  #dropped = 0;

  constructor(handler: ChannelHandler) {
    this.#handler = handler;
    this.#server = createServer((socket) => this.#adopt(socket));
  }

  /** Listens with mode 0600; a fault is a sentence. A socket without a listener is replaced. */
  async listen(path: string): Promise<Result<void, string>> {
    if (await answers(path)) return fail(`another process listens on ${path}`);
    rmSync(path, { force: true });
    const before = process.umask(0o177);
    return new Promise((resolve) => {
      this.#server.once("error", (error) => {
        process.umask(before);
        resolve(fail(`cannot listen on ${path}: ${error.message}`));
      });
      this.#server.listen(path, () => {
        process.umask(before);
        chmodSync(path, 0o600);
        resolve(ok(undefined));
      });
    });
  }

  /** Sends a message, or keeps or drops it; never waits. */
  tell(message: FromVrrp): void {
    if (isNews(message)) {
      const sequence = this.#news.add(message);
      if (this.#client === undefined) return;
      this.#unsent.push(sequence);
      this.#sendNews();
      return;
    }
    const client = this.#client;
    if (client === undefined || client.destroyed) return;
    if (client.writableLength > OUTPUT_BYTES_MAX) {
      this.#dropped++;
      return;
    }
    if (this.#dropped > 0) {
      const text = `${this.#dropped} messages of the VRRP process were dropped: the reader was late`;
      this.#dropped = 0;
      const event = { level: "warning", kind: "messages-dropped", text } as const;
      client.write(`${JSON.stringify({ kind: "log", event })}\n`);
    }
    client.write(`${JSON.stringify(message)}\n`);
  }

  /** Stops listening; `done` is called when what was told has been handed to the kernel. */
  close(done: () => void): void {
    this.#server.close();
    const client = this.#client;
    if (client === undefined || client.destroyed) done();
    else client.end(done);
  }

  #sendNews(): void {
    const client = this.#client;
    if (client === undefined || client.destroyed) return;
    while (client.writableLength <= OUTPUT_BYTES_MAX) {
      const sequence = this.#unsent.shift();
      if (sequence === undefined) return;
      const line = this.#news.line(sequence);
      if (line !== undefined) client.write(line);
    }
  }

  #adopt(socket: Socket): void {
    // A main process that starts anew replaces the one that was connected.
    this.#client?.destroy();
    this.#client = socket;
    this.#dropped = 0;
    socket.on("error", () => socket.destroy());
    socket.on("close", () => {
      if (this.#client === socket) this.#client = undefined;
    });
    socket.on("drain", () => this.#sendNews());
    readLines(socket, (line) => this.#request(line));
    this.tell({ kind: "hello", pid: process.pid, protocol: PROTOCOL, epoch: this.#epoch });
    const lost = this.#news.takeDropped();
    if (lost > 0) {
      const text = `${lost} news of the VRRP process were lost: nobody heard them in time`;
      this.tell({ kind: "log", event: { level: "error", kind: "news-lost", text } });
    }
    this.#unsent = [...this.#news.numbers];
    this.#sendNews();
  }

  #request(line: string): void {
    let request: ToVrrp;
    try {
      request = JSON.parse(line) as ToVrrp;
    } catch {
      // Only the main process can write here, so this is a fault of ours: report and go on.
      const text = `a request was no JSON: ${line.slice(0, 80)}`;
      this.tell({ kind: "log", event: { level: "error", kind: "request-unreadable", text } });
      return;
    }
    if (request.kind === "heard") this.#news.heard(request.sequence);
    else this.#handler.onRequest(request);
  }
}

function isNews(message: FromVrrp): message is EngineNews {
  switch (message.kind) {
    case "transition":
    case "group-transition":
    case "priority-changed":
    case "lower-priority-heard":
    case "bfd-session":
    case "alarm":
    case "repair":
      return true;
    default:
      return false;
  }
}

function readLines(socket: Socket, onLine: (line: string) => void): void {
  let rest = "";
  socket.setEncoding("utf8");
  socket.on("data", (chunk: string) => {
    rest += chunk;
    for (let end = rest.indexOf("\n"); end >= 0; end = rest.indexOf("\n")) {
      const line = rest.slice(0, end);
      rest = rest.slice(end + 1);
      if (line !== "") onLine(line);
    }
    if (rest.length > LINE_LENGTH_MAX) socket.destroy();
  });
}

function answers(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = connect(path);
    probe.once("connect", () => {
      probe.destroy();
      resolve(true);
    });
    probe.once("error", () => resolve(false));
  });
}
