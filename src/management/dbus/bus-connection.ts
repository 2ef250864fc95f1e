// A service on a bus that comes back by itself: connects, says hello, asks for its name, hands calls
// on, and begins again whenever the bus has gone.

import type { DBusConnection, Message } from "dbus-native";
import type { Log } from "../../world/log.ts";
import type { BusCall, BusReply } from "./bus-message.ts";

/** Types of messages (D-Bus specification, message format). */
const messageType = { call: 1, reply: 2, error: 3, signal: 4 } as const;
const noReplyExpected = 1;
const busName = "org.freedesktop.DBus";
const retryMinMs = 500;
const retryMaxMs = 30_000;
/** A bus that does not answer for so long is gone. */
const answerTimeoutMs = 10_000;
const messageBytesMax = 1 << 20;
/** Answers of the bus to a request for a name. */
const nameAnswers = { owner: 1, queued: 2, alreadyOwner: 4 } as const;

/** What a call becomes; for calls that do something, the outcome in words. */
export type AnswerCall = (
  call: BusCall,
  sender: string,
) => Promise<Exclude<BusReply, { readonly kind: "deed" }>>;

export interface BusConnectionOptions {
  /** Such as `unix:path=/run/dbus/system_bus_socket`. */
  readonly address: string;
  /** The name to own. */
  readonly service: string;
  readonly answer: AnswerCall;
  /** Called each time the name has become ours. */
  readonly onOwned: () => void;
  readonly log: Log;
}

interface Waiting {
  readonly take: (message: Message | undefined) => void;
  readonly patience: NodeJS.Timeout;
}

/** One service. */
export class BusConnection {
  readonly #options: BusConnectionOptions;
  readonly #waiting = new Map<number, Waiting>();
  #connection: DBusConnection | undefined;
  #connected = false;
  #serial = 0;
  #retryMs = retryMinMs;
  #retry: NodeJS.Timeout | undefined;
  #closed = false;
  #said: "nothing" | "up" | "down" = "nothing";

  constructor(options: BusConnectionOptions) {
    this.#options = options;
  }

  /** Begins to connect. */
  async start(): Promise<void> {
    const { createConnection } = await import("dbus-native");
    if (this.#closed) return;
    let reason = "";
    let connection: DBusConnection;
    try {
      connection = createConnection({
        busAddress: this.#options.address,
        authMethods: ["EXTERNAL"],
        plainValues: true,
        maxMessageSize: messageBytesMax,
      });
    } catch (error) {
      this.#lost(error instanceof Error ? error.message : String(error));
      return;
    }
    this.#connection = connection;
    connection.on("error", (error: Error) => {
      reason = error.message;
      connection.stream.destroy();
    });
    connection.on("handlerError", (error: Error) => {
      this.#tell("error", `a message could not be handled: ${error.message}`);
    });
    connection.on("close", () => {
      if (this.#connection === connection) this.#lost(reason);
    });
    connection.on("connect", () => {
      this.#connected = true;
      void this.#introduce();
    });
    connection.on("message", (message: Message) => this.#receive(message));
  }

  /** Sends a signal; nobody hears it while there is no bus. */
  emit(signal: {
    readonly path: string;
    readonly interface: string;
    readonly member: string;
    readonly signature: string;
    readonly body: readonly unknown[];
  }): void {
    this.#send({ type: messageType.signal, ...withBody(signal) });
  }

  /** The account of a client; undefined when the bus does not know it. */
  async userOf(sender: string): Promise<number | undefined> {
    const reply = await this.#ask("GetConnectionUnixUser", "s", [sender]);
    const [user] = reply?.body ?? [];
    return typeof user === "number" ? user : undefined;
  }

  /** Gives the name back and lets go. */
  close(): void {
    this.#closed = true;
    clearTimeout(this.#retry);
    this.#forget();
    const connection = this.#connection;
    this.#connection = undefined;
    this.#connected = false;
    connection?.end();
  }

  async #introduce(): Promise<void> {
    const { service } = this.#options;
    if ((await this.#ask("Hello", "", [])) === undefined) return;
    const reply = await this.#ask("RequestName", "su", [service, 0]);
    if (reply === undefined) return;
    const [answer] = reply.body ?? [];
    if (reply.type === messageType.error) {
      this.#tell("error", `the bus refuses the name ${service}: ${String(answer)}`);
      this.#connection?.stream.destroy();
      return;
    }
    if (answer === nameAnswers.owner || answer === nameAnswers.alreadyOwner) this.#owned();
    else if (answer === nameAnswers.queued)
      this.#tell("warning", `another process has the name ${service}: waits for it`);
  }

  #owned(): void {
    this.#retryMs = retryMinMs;
    if (this.#said !== "up") this.#tell("notice", `serves as ${this.#options.service}`);
    this.#said = "up";
    this.#options.onOwned();
  }

  #receive(message: Message): void {
    const { type, replySerial } = message;
    if (type === messageType.reply || type === messageType.error) {
      const waiting = this.#waiting.get(replySerial ?? 0);
      if (waiting === undefined) return;
      this.#waiting.delete(replySerial ?? 0);
      clearTimeout(waiting.patience);
      waiting.take(message);
    } else if (type === messageType.call) {
      void this.#answer(message);
    } else if (message.interface === busName && message.member === "NameAcquired") {
      if (message.body?.[0] === this.#options.service && this.#said === "nothing") this.#owned();
    }
  }

  async #answer(message: Message): Promise<void> {
    const { sender = "", serial } = message;
    const call: BusCall = {
      path: message.path ?? "/",
      ...(message.interface === undefined ? {} : { interface: message.interface }),
      member: message.member ?? "",
      signature: message.signature ?? "",
      body: message.body ?? [],
    };
    const reply = await this.#options.answer(call, sender).catch((error: unknown) => ({
      kind: "error" as const,
      name: "org.freedesktop.DBus.Error.Failed",
      text: String(error),
    }));
    if (((message.flags ?? 0) & noReplyExpected) !== 0 || serial === undefined) return;
    const back = { destination: sender, replySerial: serial };
    if (reply.kind === "return") {
      this.#send({ type: messageType.reply, ...back, ...withBody(reply) });
    } else {
      const body = { signature: "s", body: [reply.text] };
      this.#send({ type: messageType.error, errorName: reply.name, ...back, ...body });
    }
  }

  /** Asks the bus itself; undefined when it is gone. */
  #ask(member: string, signature: string, body: readonly unknown[]): Promise<Message | undefined> {
    return new Promise((resolve) => {
      const serial = this.#send({
        type: messageType.call,
        destination: busName,
        path: "/org/freedesktop/DBus",
        interface: busName,
        member,
        ...withBody({ signature, body }),
      });
      if (serial === undefined) {
        resolve(undefined);
        return;
      }
      const patience = setTimeout(() => this.#connection?.stream.destroy(), answerTimeoutMs);
      this.#waiting.set(serial, { take: resolve, patience });
    });
  }

  #send(message: Message): number | undefined {
    if (!this.#connected || this.#connection === undefined) return undefined;
    this.#serial = (this.#serial % 0xffffffff) + 1;
    this.#connection.message({ ...message, serial: this.#serial });
    return this.#serial;
  }

  #lost(reason: string): void {
    this.#connection = undefined;
    this.#connected = false;
    this.#forget();
    if (this.#closed) return;
    const why = reason === "" ? "the connection has ended" : reason;
    if (this.#said !== "down") this.#tell("warning", `no bus (${why}): tries again and again`);
    this.#said = "down";
    this.#retry = setTimeout(() => void this.start(), this.#retryMs);
    this.#retryMs = Math.min(retryMaxMs, this.#retryMs * 2);
  }

  #forget(): void {
    for (const { take, patience } of this.#waiting.values()) {
      clearTimeout(patience);
      take(undefined);
    }
    this.#waiting.clear();
  }

  #tell(level: "notice" | "warning" | "error", text: string): void {
    this.#options.log.write({ level, kind: "dbus", text: `D-Bus: ${text}` });
  }
}

/** A body is left out where there is none, as the marshaller wants it. */
function withBody<
  Content extends { readonly signature: string; readonly body: readonly unknown[] },
>(
  content: Content,
): Omit<Content, "signature" | "body"> & { signature?: string; body?: unknown[] } {
  const { signature, body, ...rest } = content;
  return signature === "" ? rest : { ...rest, signature, body: [...body] };
}
