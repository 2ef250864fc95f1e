// This process's side of the VRRP process: finds a living one or starts one, tells it the wish, and
// does so again whenever it has died.

import { connect, type Socket } from "node:net";
import { LineSplitter } from "../api/line-splitter.ts";
import type { TrackerKind, TrackerResult, VrrpWish } from "../model/vrrp-wish.ts";
import type { Log } from "../world/log.ts";
import type { EngineNews, FromVrrp, ToVrrp } from "./vrrp-channel.ts";
import { isNeeded } from "./vrrp-needed.ts";
import { startVrrpProcess, type VrrpProcessSettings } from "./vrrp-process.ts";

/** The version of `vrrp-channel.ts` that this side speaks. */
const protocol = 2;
const messageBytesMax = 16 * 1024 * 1024;
const reportTimeoutMs = 2000;
/** How long a new process may take until it listens; generous, for a machine that boots. */
const startTimeoutMs = 20_000;
const connectRetryMs = 10;
/** A process that lived shorter than this is started again only after a while. */
const healthyLifeMs = 5000;
const restartDelayMaxMs = 5000;

type Report = Extract<FromVrrp, { readonly kind: "report" }>;
type Answer = Extract<FromVrrp, { readonly requestId: number }>;
export type TrackerNews = Extract<ToVrrp, { readonly kind: "tracker" }>;

export interface VrrpLinkOptions {
  /** How to start a process; read anew each time. */
  readonly processSettings: () => VrrpProcessSettings;
  /** True: at the end of this process the addresses stay where they are [keepalived's -V]. */
  readonly keepAddresses?: boolean;
  /** False: a process that has died is not followed by another [keepalived's -R]. */
  readonly respawns?: boolean;
  /** A process is there, or has gone and is to come again. */
  readonly onProcess?: (pid: number | undefined) => void;
  /** A signal that the process got, and that is for this one. */
  readonly onSignal?: (signal: number) => void;
  readonly log: Log;
  /**
   * Takes news for good: what it has not returned from is told again, by this process or by the next.
   * False: they were taken before, and nobody else hears of them.
   */
  readonly onNews?: (news: EngineNews, mark: NewsMark) => boolean;
  /** What is known of a BFD session: told when it changes, and with every configuration. */
  readonly onBfdResult?: (
    name: string,
    result: { readonly up: boolean | null; readonly text: string },
  ) => void;
  readonly onTransition: (event: Extract<FromVrrp, { readonly kind: "transition" }>) => void;
  readonly onRepair: (event: Extract<FromVrrp, { readonly kind: "repair" }>) => void;
}

/** The number of news, and of which process they are. */
export interface NewsMark {
  readonly epoch: string;
  readonly sequence: number;
}

/** How a process was found. */
export type VrrpOrigin = "adopted" | "started";

/** The VRRP process, kept alive while there are instances. */
export class VrrpLink {
  readonly #options: VrrpLinkOptions;
  readonly #trackers = new Map<string, TrackerNews>();
  readonly #waiting = new Map<number, (answer: Answer | undefined) => void>();
  #wish: VrrpWish | undefined;
  #socket: Socket | undefined;
  #opening: Promise<VrrpOrigin | undefined> | undefined;
  #lastRequestId = 0;
  #startedAtMs = 0;
  #restartDelayMs = 0;
  /** The next process takes the place of one that has died. */
  #replaces = false;
  #stopping = false;
  #handingOver = false;
  #stopped: (() => void) | undefined;
  #endedText: string | undefined;
  #epoch = "";
  /** Of the living process; undefined while there is none. */
  pid: number | undefined;
  /** How the living process came to this link. */
  origin: VrrpOrigin = "started";

  constructor(options: VrrpLinkOptions) {
    this.#options = options;
  }

  /**
   * Tells the wish. Gives what it changed, or undefined when no process could take it (the wish is
   * kept, and told as soon as one can). Without instances a living process is asked to end.
   */
  async configure(wish: VrrpWish): Promise<readonly string[] | undefined> {
    this.#wish = wish;
    if (!isNeeded(wish)) {
      if (this.#socket !== undefined || (await this.#connectOnce())) await this.#end();
      return [];
    }
    if (this.#socket === undefined) {
      const opened = await this.#open();
      if (opened === undefined) return undefined;
    }
    return this.#sendConfiguration();
  }

  /** Passes the result of a tracker on, and remembers it for the next process. */
  track(news: TrackerNews): void {
    this.#trackers.set(trackerKey(news.tracker, news.name), news);
    this.#send(news);
  }

  /** Forgets the results of trackers of a kind that are not configured any more. */
  keepTrackers(kind: TrackerKind, names: ReadonlySet<string>): void {
    for (const [key, news] of this.#trackers)
      if (news.tracker === kind && !names.has(news.name)) this.#trackers.delete(key);
  }

  /** Has the process give up the addresses of an instance or group politely. */
  async failover(name: string): Promise<{ readonly ok: boolean; readonly text: string }> {
    const answer = await this.#request((requestId) => ({ kind: "failover", requestId, name }));
    if (answer?.kind === "failover-done") return answer;
    return { ok: false, text: "the VRRP process does not answer" };
  }

  /** Has the process announce the addresses of an instance. */
  async announce(name: string): Promise<{ readonly ok: boolean; readonly text: string }> {
    const answer = await this.#request((requestId) => ({ kind: "announce", requestId, name }));
    if (answer?.kind === "announced") return answer;
    return { ok: false, text: "the VRRP process does not answer" };
  }

  /** The last result of a tracker that this process watches. */
  tracker(kind: TrackerKind, name: string): TrackerResult | undefined {
    return this.#trackers.get(trackerKey(kind, name))?.result;
  }

  /** What the process says of its instances; undefined when it does not answer. */
  async report(): Promise<Report | undefined> {
    const answer = await this.#request((requestId) => ({ kind: "report", requestId }));
    return answer?.kind === "report" ? answer : undefined;
  }

  /**
   * Has the process hand over, withdraw its addresses and end. False when it did not in time: then
   * it is killed, because nobody would be left to speak with it, and its addresses remain.
   */
  async stop(timeoutMs: number): Promise<boolean> {
    // A process that is just starting must be there before it can be told to end.
    await this.#opening;
    this.#stopping = true;
    if (this.#socket === undefined || (await this.#end(timeoutMs))) return true;
    if (this.pid !== undefined) process.kill(this.pid, "SIGKILL");
    return false;
  }

  /** Asks for the hand-over at once; `stop` waits for its end. Every moment here is an outage. */
  handOver(): void {
    if (this.#socket === undefined) return;
    this.#stopping = true;
    this.#askToEnd();
  }

  /** Lets go of the process, which goes on. */
  release(): void {
    this.#stopping = true;
    this.#socket?.destroy();
  }

  async #end(timeoutMs = 60_000): Promise<boolean> {
    let patience: NodeJS.Timeout | undefined;
    const done = await new Promise<boolean>((resolve) => {
      patience = setTimeout(() => resolve(false), timeoutMs);
      this.#stopped = () => resolve(true);
      this.#askToEnd();
    });
    clearTimeout(patience);
    this.#stopped = undefined;
    return done;
  }

  /** Once for each process: the next one is another's successor. */
  #askToEnd(): void {
    if (this.#handingOver) return;
    this.#handingOver = true;
    // A process that merely has nothing left to do leaves nothing.
    const keepAddresses = this.#stopping && this.#options.keepAddresses === true;
    this.#send(keepAddresses ? { kind: "stop", keepAddresses } : { kind: "stop" });
  }

  /** Connects to a living process, or starts one. One attempt at a time. */
  #open(): Promise<VrrpOrigin | undefined> {
    this.#opening ??= this.#openNow().finally(() => {
      this.#opening = undefined;
    });
    return this.#opening;
  }

  async #openNow(): Promise<VrrpOrigin | undefined> {
    if (await this.#connectOnce()) {
      this.origin = "adopted";
      return this.origin;
    }
    const settings = { ...this.#options.processSettings(), hurry: this.#replaces };
    this.#startedAtMs = performance.now();
    const child = startVrrpProcess(settings);
    let ended: string | undefined;
    child.ended.then((how) => {
      ended = how;
      this.#endedText = how;
    });
    while (performance.now() - this.#startedAtMs < startTimeoutMs) {
      await new Promise((resolve) => setTimeout(resolve, connectRetryMs));
      if (this.#stopping) return undefined;
      if (await this.#connectOnce()) {
        this.origin = "started";
        return this.origin;
      }
      if (ended !== undefined) break;
    }
    this.#options.log.write({
      level: "error",
      kind: "vrrp-process",
      text: `VRRP process does not come up: ${ended ?? `nothing listens on ${settings.socketPath}`}`,
    });
    this.#restartLater();
    return undefined;
  }

  /** Connects, and waits for the greeting; false when nobody answers. */
  #connectOnce(): Promise<boolean> {
    return new Promise((resolve) => {
      const socket = connect(this.#options.processSettings().socketPath);
      const splitter = new LineSplitter(messageBytesMax);
      let greeted = false;
      const patience = setTimeout(() => socket.destroy(), reportTimeoutMs);
      socket.on("error", () => socket.destroy());
      socket.on("close", () => {
        clearTimeout(patience);
        if (greeted) this.#lost(socket);
        else resolve(false);
      });
      socket.on("data", (chunk: Uint8Array) => {
        for (const line of splitter.push(chunk)) {
          const message = JSON.parse(line) as FromVrrp;
          if (!greeted && message.kind === "hello") {
            clearTimeout(patience);
            greeted = true;
            this.#welcome(socket, message);
            resolve(true);
          } else if (greeted) {
            this.#receive(message);
          }
        }
      });
    });
  }

  #welcome(socket: Socket, hello: Extract<FromVrrp, { readonly kind: "hello" }>): void {
    this.#socket = socket;
    this.pid = hello.pid;
    this.#epoch = hello.epoch ?? String(hello.pid);
    this.#endedText = undefined;
    this.#options.onProcess?.(hello.pid);
    if (hello.protocol === protocol) return;
    this.#options.log.write({
      level: "warning",
      kind: "vrrp-process",
      text: `VRRP process ${hello.pid} speaks protocol ${hello.protocol} and this program ${protocol}: it is replaced`,
    });
    this.#send({ kind: "stop" });
  }

  #receive(message: FromVrrp): void {
    if ("sequence" in message && message.sequence !== undefined) {
      const { sequence, ...news } = message;
      const isNew = this.#options.onNews?.(news as EngineNews, { epoch: this.#epoch, sequence });
      this.#send({ kind: "heard", sequence });
      if (isNew === false) return;
    }
    switch (message.kind) {
      case "hello":
        return;
      case "configured":
        for (const { name, ...result } of message.bfdSessions ?? [])
          this.#options.onBfdResult?.(name, result);
        this.#waiting.get(message.requestId)?.(message);
        return;
      case "failover-done":
      case "announced":
      case "report":
        this.#waiting.get(message.requestId)?.(message);
        return;
      case "transition":
        this.#options.onTransition(message);
        return;
      case "repair":
        this.#options.onRepair(message);
        return;
      case "bfd-session":
        this.#options.onBfdResult?.(message.session, message);
        return;
      case "log":
        this.#options.log.write(message.event);
        return;
      case "signal":
        this.#options.onSignal?.(message.signal);
        return;
      case "stopped":
        // The end of the connection follows, and is what counts: the addresses are gone by then.
        return;
    }
  }

  #lost(socket: Socket): void {
    if (this.#socket !== socket) return;
    const { pid } = this;
    this.#replaces = true;
    this.#socket = undefined;
    this.#handingOver = false;
    this.pid = undefined;
    for (const answer of this.#waiting.values()) answer(undefined);
    this.#stopped?.();
    this.#options.onProcess?.(undefined);
    if (this.#stopping || !isNeeded(this.#wish)) return;
    const next = this.#options.respawns === false ? "" : ": starting another";
    // The exit status of a child comes a moment after the end of its connection.
    setTimeout(() => {
      const how = this.#endedText ?? "its connection ended";
      this.#options.log.write({
        level: "error",
        kind: "vrrp-process",
        text: `VRRP process ${pid ?? ""} is gone (${how})${next}`,
      });
    }, 50);
    if (this.#options.respawns === false) return;
    this.#restartLater();
  }

  #restartLater(): void {
    const lived = performance.now() - this.#startedAtMs;
    this.#restartDelayMs =
      this.origin === "adopted" || lived > healthyLifeMs
        ? 0
        : Math.min(Math.max(this.#restartDelayMs * 2, 50), restartDelayMaxMs);
    setTimeout(() => void this.#reopen(), this.#restartDelayMs);
  }

  async #reopen(): Promise<void> {
    if (this.#stopping || !isNeeded(this.#wish) || this.#socket !== undefined) return;
    if ((await this.#open()) === undefined) return;
    await this.#sendConfiguration();
    this.#options.log.write({
      level: "notice",
      kind: "vrrp-process",
      text: `VRRP process ${this.pid ?? ""} runs`,
    });
  }

  async #sendConfiguration(): Promise<readonly string[] | undefined> {
    const wish = this.#wish;
    if (wish === undefined) return undefined;
    // Results go first, so that no instance starts on a priority that its scripts deny it.
    for (const result of this.#trackers.values()) this.#send(result);
    const answer = await this.#request((requestId) => ({
      kind: "configure",
      requestId,
      wish,
    }));
    return answer?.kind === "configured" ? answer.changes : undefined;
  }

  #request(make: (requestId: number) => ToVrrp): Promise<Answer | undefined> {
    if (this.#socket === undefined) return Promise.resolve(undefined);
    this.#lastRequestId++;
    const requestId = this.#lastRequestId;
    return new Promise((resolve) => {
      const finish = (answer: Answer | undefined): void => {
        clearTimeout(patience);
        this.#waiting.delete(requestId);
        resolve(answer);
      };
      const patience = setTimeout(() => finish(undefined), reportTimeoutMs);
      this.#waiting.set(requestId, finish);
      this.#send(make(requestId));
    });
  }

  #send(message: ToVrrp): void {
    this.#socket?.write(`${JSON.stringify(message)}\n`);
  }
}

function trackerKey(kind: TrackerKind, name: string): string {
  return `${kind} ${name}`;
}
