// The two sync daemons of a director, in IPVS's format: a master that tells of its connections, a backup
// that hears of another's.

import { familyOf, type IpAddress } from "../../base/address.ts";
import { fail, type Result } from "../../base/result.ts";
import type { SyncDaemonState } from "../../model/sync-daemon.ts";
import { decodeSyncMessage } from "../../wire/ipvs-sync/decode-sync.ts";
import {
  encodeSyncMessage,
  syncConnectionLength,
  syncConnectionsMax,
  syncHeaderLength,
} from "../../wire/ipvs-sync/encode-sync.ts";
import type { SyncConnection } from "../../wire/ipvs-sync/sync-connection.ts";
import type { EngineFault } from "../../world/engine.ts";
import type { Syscalls } from "../ffi/syscalls.ts";
import {
  openSyncListener,
  openSyncSender,
  type SyncListener,
  type SyncSender,
} from "../sync-sockets.ts";

/** Defaults of the kernel. */
const defaultGroup = "224.0.0.81" as IpAddress;
const defaultPort = 8848;
const defaultTtl = 1;
const ipv4AndUdp = 28;
const ipv6AndUdp = 48;
const ethernetMtu = 1500;

/** How often a master looks for notes: what a failover may cost an established connection at most. */
const lookEveryMs = 100;
/** After a full look: more waits. */
const lookAgainMs = 5;
/** Connections that are told of again in each look, so that a backup that came late hears of all. */
const walkedEachLook = 200;
const walkEveryMs = 60_000;

/** What a master takes from the data plane. */
export interface SyncSource {
  /** Connections and templates that are due, and whether more are waiting. */
  due(): { readonly connections: readonly SyncConnection[]; readonly more: boolean };
  /** Everything that is established, lazily. */
  walk(): Iterator<SyncConnection, unknown>;
}

/** What the daemons have done since they were started. */
export interface SyncCounters {
  readonly sentDatagrams: number;
  readonly sentConnections: number;
  /** Datagrams that the kernel did not take. */
  readonly sendFailures: number;
  readonly receivedDatagrams: number;
  readonly receivedConnections: number;
  /** Connections, and datagrams as a whole, that made no sense. */
  readonly rejected: number;
  /** Datagrams with another syncid. */
  readonly otherSyncId: number;
  /** How often everything that is established was told of. */
  readonly walks: number;
}

export interface SyncDaemonOptions {
  readonly syscalls: Syscalls;
  readonly source: SyncSource;
  readonly take: (connection: SyncConnection) => void;
  /** Tells the data plane which daemons run. */
  readonly setDaemons: (copying: boolean, receiving: boolean) => Result<void, EngineFault>;
  /** MTU of an interface; undefined when there is none of that name. */
  readonly mtuOf: (name: string) => number | undefined;
}

interface Running {
  readonly state: SyncDaemonState;
  readonly socket: SyncSender | SyncListener;
}

export class SyncDaemons {
  readonly #options: SyncDaemonOptions;
  readonly #running = new Map<SyncDaemonState["role"], Running>();
  readonly #counters: Record<keyof SyncCounters, number> = {
    sentDatagrams: 0,
    sentConnections: 0,
    sendFailures: 0,
    receivedDatagrams: 0,
    receivedConnections: 0,
    rejected: 0,
    otherSyncId: 0,
    walks: 0,
  };
  #timer: ReturnType<typeof setTimeout> | undefined;
  #walk: Iterator<SyncConnection, unknown> | undefined;
  #walkedAtMs = Number.NEGATIVE_INFINITY;

  constructor(options: SyncDaemonOptions) {
    this.#options = options;
  }

  get counters(): SyncCounters {
    return { ...this.#counters };
  }

  list(): readonly SyncDaemonState[] {
    return [...this.#running.values()].map(({ state }) => state);
  }

  start(wish: SyncDaemonState): Result<void, EngineFault> {
    if (this.#running.has(wish.role))
      return fail({ kind: "exists", text: `a sync daemon (${wish.role}) runs already` });
    const ifindex = this.#options.syscalls.ifNameToIndex(wish.interface);
    const mtu = this.#options.mtuOf(wish.interface);
    if (ifindex < 0 || mtu === undefined)
      return fail({ kind: "not-found", text: `no interface ${wish.interface}` });
    const group = wish.group ?? defaultGroup;
    const headers = familyOf(group) === 6 ? ipv6AndUdp : ipv4AndUdp;
    const longest = wish.maxLength ?? ethernetMtu - headers;
    const state: SyncDaemonState = {
      ...wish,
      group,
      port: wish.port ?? defaultPort,
      ttl: wish.ttl ?? defaultTtl,
      maxLength: wish.role === "master" ? Math.min(longest, mtu - headers) : longest,
    };
    const socketOptions = {
      interface: wish.interface,
      ifindex,
      group,
      port: state.port ?? defaultPort,
      ttl: state.ttl ?? defaultTtl,
    };
    const { syscalls } = this.#options;
    const opened =
      wish.role === "master"
        ? openSyncSender(syscalls, socketOptions)
        : openSyncListener(syscalls, socketOptions, (datagram) =>
            this.#hear(datagram, wish.syncId),
          );
    if (!opened.ok) return fail({ kind: "syscall-failed", text: opened.fault.text });
    this.#running.set(wish.role, { state, socket: opened.value });
    if (wish.role === "master") this.#lookIn(0);
    return this.#tellProgram();
  }

  stop(role: SyncDaemonState["role"]): Result<void, EngineFault> {
    const running = this.#running.get(role);
    if (running === undefined)
      return fail({ kind: "not-found", text: `no sync daemon (${role}) runs` });
    // What was noted until now still goes out.
    if (role === "master") this.#sendDue();
    running.socket.close();
    this.#running.delete(role);
    if (role === "master") {
      clearTimeout(this.#timer);
      this.#walk = undefined;
      this.#walkedAtMs = Number.NEGATIVE_INFINITY;
    }
    return this.#tellProgram();
  }

  /** Ends both; the program is told that nobody asks any more. */
  close(): void {
    for (const role of [...this.#running.keys()]) this.stop(role);
  }

  #tellProgram(): Result<void, EngineFault> {
    return this.#options.setDaemons(this.#running.has("master"), this.#running.has("backup"));
  }

  #lookIn(delayMs: number): void {
    this.#timer = setTimeout(() => {
      const more = this.#sendDue();
      if (!more) this.#sendWalked();
      this.#lookIn(more ? lookAgainMs : lookEveryMs);
    }, delayMs);
    this.#timer.unref();
  }

  #sendDue(): boolean {
    const { connections, more } = this.#options.source.due();
    this.#send(connections);
    return more;
  }

  #sendWalked(): void {
    const nowMs = this.#options.syscalls.monotonicMs();
    if (this.#walk === undefined) {
      if (nowMs - this.#walkedAtMs < walkEveryMs) return;
      this.#walkedAtMs = nowMs;
      this.#walk = this.#options.source.walk();
    }
    const connections: SyncConnection[] = [];
    while (connections.length < walkedEachLook) {
      const next = this.#walk.next();
      if (next.done === true) {
        this.#walk = undefined;
        this.#counters.walks++;
        break;
      }
      connections.push(next.value);
    }
    this.#send(connections);
  }

  /** Fills datagrams up to the length that was asked for. */
  #send(connections: readonly SyncConnection[]): void {
    const master = this.#running.get("master");
    if (master === undefined || !("send" in master.socket)) return;
    const { state, socket } = master;
    const room = state.maxLength ?? ethernetMtu - ipv6AndUdp;
    let batch: SyncConnection[] = [];
    let length = syncHeaderLength;
    const flush = (): void => {
      if (batch.length === 0) return;
      if (socket.send(encodeSyncMessage(state.syncId, batch)) < 0) this.#counters.sendFailures++;
      else this.#counters.sentDatagrams++;
      this.#counters.sentConnections += batch.length;
      batch = [];
      length = syncHeaderLength;
    };
    for (const connection of connections) {
      const added = syncConnectionLength(connection);
      if (length + added > room || batch.length >= syncConnectionsMax) flush();
      batch.push(connection);
      length += added;
    }
    flush();
  }

  #hear(datagram: Uint8Array, syncId: number): void {
    this.#counters.receivedDatagrams++;
    const message = decodeSyncMessage(datagram);
    if (!message.ok) {
      this.#counters.rejected++;
      return;
    }
    if (syncId !== 0 && message.value.syncId !== syncId) {
      this.#counters.otherSyncId++;
      return;
    }
    this.#counters.rejected += message.value.rejected;
    this.#counters.receivedConnections += message.value.connections.length;
    for (const connection of message.value.connections) this.#options.take(connection);
  }
}
