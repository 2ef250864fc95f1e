// The FIFOs of a configuration and the programs that read them. A FIFO whose settings a reload leaves alone stays
// open, and its reader runs on; a reader that ends is started again.

import type { ScriptSettings } from "../model/global-options.ts";
import type { EventFifo, EventFifos } from "../model/notification.ts";
import type { FifoName } from "../notify/job.ts";
import type { RunningProcess } from "../world/process.ts";
import type { RunningMark } from "./notification-journal.ts";
import type { FifoHandle, NotificationWorld } from "./notification-world.ts";

const names: readonly FifoName[] = ["all", "vrrp", "balancer"];
const restartMinMs = 1000;
const restartMaxMs = 60_000;
/** A reader that lived this long is started again at once the next time. */
const healthyLifeMs = 60_000;
/** How long readers have to read the last lines once the FIFO is closed. */
const lastReadMs = 3000;

interface OpenFifo {
  readonly wish: EventFifo;
  readonly handle: FifoHandle;
  reader: Reader | undefined;
}

/** What the next process must know: what to remove at the end, and which readers are left over. */
export interface FifoMarks {
  readonly made: readonly string[];
  readonly readers: readonly RunningMark[];
}

export class NotificationFifos {
  readonly #world: NotificationWorld;
  readonly #onMarks: (marks: FifoMarks) => void;
  readonly #open = new Map<FifoName, OpenFifo>();
  #settings: ScriptSettings | undefined;

  /** `onMarks` is called whenever what a next process must know has changed. */
  constructor(world: NotificationWorld, onMarks: (marks: FifoMarks) => void) {
    this.#world = world;
    this.#onMarks = onMarks;
  }

  /** Takes over settings; `left` is what an earlier process has noted. */
  configure(
    fifos: EventFifos | undefined,
    settings: ScriptSettings | undefined,
    left: FifoMarks = { made: [], readers: [] },
  ): void {
    const { startTicks, endGroup } = this.#world;
    // A reader of a process that was killed would take lines away from the one that is started here.
    for (const { pid, startTicks: ticks } of left.readers)
      if (startTicks(pid) === ticks) endGroup(pid);
    this.#settings = settings;
    for (const name of names) {
      const wish = fifos?.[name];
      const open = this.#open.get(name);
      if (open !== undefined && JSON.stringify(open.wish) === JSON.stringify(wish)) continue;
      if (open !== undefined) this.#remove(name, open);
      if (wish !== undefined) this.#add(name, wish, left.made.includes(wish.path));
    }
    this.#tellMarks();
  }

  /** Writes a line; `full`: not now. What cannot be written at all is said and forgotten. */
  write(name: FifoName, line: string): "written" | "full" {
    const open = this.#open.get(name);
    if (open === undefined) return "written";
    const outcome = open.handle.write(line);
    if (outcome.ok) return outcome.value;
    this.#tell("error", outcome.fault);
    return "written";
  }

  /** Takes FIFOs away, and gives their readers time to read what is in them. */
  async stop(): Promise<void> {
    const readers = [...this.#open.values()].map(({ reader }) => reader);
    for (const { handle, reader } of this.#open.values()) {
      reader?.retire();
      handle.remove();
    }
    this.#open.clear();
    await Promise.all(readers.map((reader) => reader?.ended(lastReadMs)));
  }

  /** Lets go of everything; readers are ended, because the next process starts its own. */
  release(): void {
    for (const { handle, reader } of this.#open.values()) {
      reader?.end();
      handle.close();
    }
    this.#open.clear();
  }

  #add(name: FifoName, wish: EventFifo, mine: boolean): void {
    const { program: _program, ...place } = wish;
    const opened = this.#world.openFifo(place, mine);
    if (!opened.ok) {
      this.#tell("error", opened.fault);
      return;
    }
    const open: OpenFifo = { wish, handle: opened.value, reader: undefined };
    this.#open.set(name, open);
    if (wish.program === undefined) return;
    open.reader = new Reader(
      this.#world,
      wish,
      () => this.#settings,
      () => this.#tellMarks(),
    );
  }

  #remove(name: FifoName, { handle, reader }: OpenFifo): void {
    reader?.retire();
    handle.remove();
    this.#open.delete(name);
    void reader?.ended(lastReadMs);
  }

  #tellMarks(): void {
    const open = [...this.#open.values()];
    this.#onMarks({
      made: open.filter(({ handle }) => handle.made).map(({ wish }) => wish.path),
      readers: open.flatMap(({ reader }) => reader?.mark ?? []),
    });
  }

  #tell(level: "error" | "warning", text: string): void {
    this.#world.log.write({ level, kind: "notify-fifo", text });
  }
}

/** The program that reads one FIFO. */
class Reader {
  readonly #world: NotificationWorld;
  readonly #fifo: EventFifo;
  readonly #settings: () => ScriptSettings | undefined;
  readonly #onChange: () => void;
  #process: RunningProcess | undefined;
  #restart: NodeJS.Timeout | undefined;
  #restartMs = restartMinMs;
  #retired = false;
  #onEnd: (() => void) | undefined;

  constructor(
    world: NotificationWorld,
    fifo: EventFifo,
    settings: () => ScriptSettings | undefined,
    onChange: () => void,
  ) {
    this.#world = world;
    this.#fifo = fifo;
    this.#settings = settings;
    this.#onChange = onChange;
    this.#start();
  }

  /** Undefined while none runs. */
  get mark(): RunningMark | undefined {
    const pid = this.#process?.pid;
    const startTicks = pid === undefined ? undefined : this.#world.startTicks(pid);
    return pid === undefined || startTicks === undefined ? undefined : { pid, startTicks };
  }

  /** Is not started again when it ends. */
  retire(): void {
    this.#retired = true;
    clearTimeout(this.#restart);
  }

  end(): void {
    this.retire();
    this.#process?.cancel();
  }

  /** Resolves when it has ended by itself; after a time it is ended. */
  async ended(timeoutMs: number): Promise<void> {
    if (this.#process === undefined) return;
    const patience = setTimeout(() => {
      this.end();
      this.#onEnd?.();
    }, timeoutMs);
    await new Promise<void>((resolve) => {
      this.#onEnd = resolve;
    });
    clearTimeout(patience);
  }

  #start(): void {
    const { program, path } = this.#fifo;
    if (program === undefined) return;
    const settings = this.#settings();
    const startedAtMs = this.#world.clock.nowMs();
    const request = {
      ...program,
      command: [...program.command, path],
      timeoutMs: Number.POSITIVE_INFINITY,
      environment: this.#world.environment,
      ...(settings === undefined ? {} : { settings }),
    };
    this.#process = this.#world.processes.run(request, ({ text }) => {
      this.#process = undefined;
      this.#onEnd?.();
      if (this.#retired) return;
      const lived = this.#world.clock.nowMs() - startedAtMs;
      this.#restartMs =
        lived > healthyLifeMs ? restartMinMs : Math.min(this.#restartMs * 2, restartMaxMs);
      this.#world.log.write({
        level: "warning",
        kind: "notify-fifo",
        text: `the program that reads ${path} has ended (${text}): it is started again in ${this.#restartMs / 1000} s`,
      });
      this.#restart = setTimeout(() => this.#start(), this.#restartMs);
      this.#onChange();
    });
    this.#onChange();
  }
}
