// A session with the master agent that comes back by itself: connects, opens, registers, answers,
// tells; and begins again whenever the master agent has gone.

import { connect, type Socket } from "node:net";
import type { Log } from "../../world/log.ts";
import { compareOids, type Oid } from "../snmp/oid.ts";
import type { Varbind } from "../snmp/value.ts";
import { AgentxFormatError } from "./bytes.ts";
import { AgentxFraming } from "./framing.ts";
import { describeMaster, type MasterAddress } from "./master-address.ts";
import {
  type AgentxAnswer,
  type AgentxHeader,
  type AgentxInput,
  type AgentxRequest,
  agentxError,
  decodeMessage,
  encodeAnswer,
  encodeRequest,
} from "./message.ts";

const retryMinMs = 500;
const retryMaxMs = 15_000;
const pingEveryMs = 15_000;
/** A master agent that does not answer for so long is gone. */
const answerTimeoutMs = 10_000;
/** How long a master agent is asked to wait for our answers. */
const openTimeoutS = 5;
/** The default of RFC 2741. */
const registrationPriority = 127;
/** Notifications that wait for a master agent; older ones are dropped, and counted. */
const waitingMax = 1000;
/** Bytes that a master agent may leave unread. */
const unreadBytesMax = 1 << 20;

export interface AgentxSessionOptions {
  readonly master: MasterAddress;
  readonly description: string;
  readonly subtrees: readonly Oid[];
  /** Answers a request; a rejection becomes `genErr`. */
  readonly answer: (input: AgentxInput) => Promise<AgentxAnswer | undefined>;
  readonly log: Log;
  /** Monotonic milliseconds. */
  readonly nowMs: () => number;
}

interface Pending {
  readonly request: AgentxRequest;
  readonly patience: NodeJS.Timeout;
}

/** One subagent. */
export class AgentxSession {
  readonly #options: AgentxSessionOptions;
  readonly #pending = new Map<number, Pending>();
  readonly #waiting: (readonly Varbind[])[] = [];
  #dropped = 0;
  #socket: Socket | undefined;
  #sessionId = 0;
  #registrationsLeft = 0;
  #packetId = 0;
  #retryMs = retryMinMs;
  #retry: NodeJS.Timeout | undefined;
  #ping: NodeJS.Timeout | undefined;
  #closed = false;
  /** What was said last about the connection, so that it is said once. */
  #said: "nothing" | "up" | "down" = "nothing";
  #bootMs: number | undefined;

  constructor(options: AgentxSessionOptions) {
    this.#options = options;
  }

  /** Begins to connect. */
  start(): void {
    this.#connect();
  }

  /** When the master agent started, in milliseconds of `nowMs`; undefined until it has told. */
  get masterBootMs(): number | undefined {
    return this.#bootMs;
  }

  /** Sends a notification, as soon as there is a master agent. */
  notify(varbinds: readonly Varbind[]): void {
    if (this.#closed) return;
    this.#waiting.push(varbinds);
    if (this.#waiting.length > waitingMax) {
      this.#waiting.shift();
      this.#dropped++;
    }
    this.#flush();
  }

  /** Says goodbye and lets go. */
  close(): void {
    if (this.#closed) return;
    this.#flush();
    if (this.#sessionId !== 0) this.#send({ kind: "close" });
    this.#closed = true;
    clearTimeout(this.#retry);
    this.#forget();
    this.#socket?.end();
    this.#socket?.unref();
  }

  #connect(): void {
    const { master } = this.#options;
    const socket = connect("path" in master ? { path: master.path } : master);
    const framing = new AgentxFraming();
    let reason = "";
    this.#socket = socket;
    socket.setTimeout(answerTimeoutMs, () => {
      if (socket.connecting) socket.destroy(new Error("no connection in time"));
    });
    socket.on("connect", () => {
      const request = { kind: "open", timeoutS: openTimeoutS } as const;
      this.#send({ ...request, description: this.#options.description });
    });
    socket.on("data", (chunk: Buffer) => {
      try {
        for (const bytes of framing.push(chunk)) this.#receive(socket, bytes);
      } catch (error) {
        if (!(error instanceof AgentxFormatError)) throw error;
        socket.destroy(error);
      }
    });
    socket.on("error", (error) => {
      reason = error.message;
    });
    socket.on("close", () => this.#lost(socket, reason));
  }

  #receive(socket: Socket, bytes: Buffer): void {
    const { header, input } = decodeMessage(bytes);
    if (input.kind === "response") {
      this.#responded(header, input);
      return;
    }
    if (input.kind === "close") {
      socket.destroy(new Error("the master agent has closed the session"));
      return;
    }
    const failed: AgentxAnswer = { error: agentxError.general, index: 0, varbinds: [] };
    void this.#options
      .answer(input)
      .catch(() => failed)
      .then((answer) => {
        if (answer === undefined || socket.destroyed) return;
        socket.write(encodeAnswer(header, answer));
      });
  }

  #responded(
    { packetId, sessionId }: AgentxHeader,
    { error, sysUpTimeCs }: Extract<AgentxInput, { readonly kind: "response" }>,
  ): void {
    const pending = this.#pending.get(packetId);
    if (pending === undefined) return;
    clearTimeout(pending.patience);
    this.#pending.delete(packetId);
    const { request } = pending;
    if (request.kind === "register") {
      this.#registered(request.subtree, error);
      return;
    }
    if (error === agentxError.none) {
      if (request.kind === "open") this.#opened(sessionId, sysUpTimeCs);
      return;
    }
    const gone = error === agentxError.notOpen || request.kind === "open";
    if (gone) this.#socket?.destroy(new Error(`the master agent answers error ${error}`));
  }

  #opened(sessionId: number, sysUpTimeCs: number): void {
    this.#sessionId = sessionId;
    this.#bootMs = this.#options.nowMs() - sysUpTimeCs * 10;
    this.#retryMs = retryMinMs;
    const subtrees = [...this.#options.subtrees].sort(compareOids);
    this.#registrationsLeft = subtrees.length;
    for (const subtree of subtrees)
      this.#send({ kind: "register", subtree, priority: registrationPriority });
    if (subtrees.length === 0) this.#ready();
    this.#ping = setInterval(() => this.#send({ kind: "ping" }), pingEveryMs);
  }

  #registered(subtree: Oid, error: number): void {
    this.#registrationsLeft--;
    if (error !== agentxError.none) {
      const why =
        error === agentxError.duplicateRegistration
          ? "another agent serves it"
          : `the master agent answers error ${error}`;
      this.#tell("warning", `SNMP: ${subtree.join(".")} is not served: ${why}`);
    }
    if (this.#registrationsLeft === 0) this.#ready();
  }

  #ready(): void {
    if (this.#said !== "up")
      this.#tell("notice", `SNMP: serves through ${describeMaster(this.#options.master)}`);
    this.#said = "up";
    this.#flush();
  }

  #lost(socket: Socket, reason: string): void {
    if (this.#socket !== socket) return;
    this.#socket = undefined;
    this.#forget();
    if (this.#closed) return;
    if (this.#said !== "down") {
      const where = describeMaster(this.#options.master);
      const why = reason === "" ? "the connection has ended" : reason;
      this.#tell("warning", `SNMP: no master agent at ${where} (${why}): tries again and again`);
    }
    this.#said = "down";
    this.#retry = setTimeout(() => this.#connect(), this.#retryMs);
    this.#retryMs = Math.min(retryMaxMs, this.#retryMs * 2);
  }

  #forget(): void {
    clearInterval(this.#ping);
    for (const { patience } of this.#pending.values()) clearTimeout(patience);
    this.#pending.clear();
    this.#sessionId = 0;
    this.#registrationsLeft = 0;
  }

  #flush(): void {
    if (this.#sessionId === 0 || this.#registrationsLeft > 0) return;
    while ((this.#socket?.writableLength ?? 0) < unreadBytesMax) {
      const varbinds = this.#waiting.shift();
      if (varbinds === undefined) break;
      this.#send({ kind: "notify", varbinds });
    }
    if (this.#dropped === 0) return;
    this.#tell("warning", `SNMP: ${this.#dropped} notifications were dropped`);
    this.#dropped = 0;
  }

  #send(request: AgentxRequest): void {
    const socket = this.#socket;
    if (socket === undefined || socket.destroyed) return;
    this.#packetId = (this.#packetId + 1) % 2 ** 32;
    const header: AgentxHeader = {
      sessionId: this.#sessionId,
      transactionId: this.#packetId,
      packetId: this.#packetId,
    };
    const patience = setTimeout(
      () => socket.destroy(new Error("the master agent does not answer")),
      answerTimeoutMs,
    );
    this.#pending.set(this.#packetId, { request, patience });
    socket.write(encodeRequest(header, request));
  }

  #tell(level: "notice" | "warning", text: string): void {
    this.#options.log.write({ level, kind: "snmp", text });
  }
}
