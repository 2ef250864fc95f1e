// What systemd is told: that we are ready, that we reload, that we live, and one line of status.

import type { Syscalls } from "../linux/ffi/syscalls.ts";
import { notifyServiceManager } from "../linux/service-notify.ts";

/** The service manager that started this process, if one did. */
export class ServiceManager {
  readonly #syscalls: Syscalls;
  readonly #socketPath: string | undefined;
  #statusText = "";
  #watchdog: NodeJS.Timeout | undefined;

  /** Takes NOTIFY_SOCKET and WATCHDOG_USEC out of the environment: children must not speak for us. */
  constructor(syscalls: Syscalls, environment: NodeJS.ProcessEnv) {
    this.#syscalls = syscalls;
    this.#socketPath = environment["NOTIFY_SOCKET"];
    const watchdogUs = Number(environment["WATCHDOG_USEC"] ?? 0);
    delete environment["NOTIFY_SOCKET"];
    delete environment["WATCHDOG_USEC"];
    if (this.#socketPath === undefined || !(watchdogUs > 0)) return;
    this.#watchdog = setInterval(() => this.#tell("WATCHDOG=1"), watchdogUs / 2000);
    this.#watchdog.unref();
  }

  /** Whether anybody wants to be told. */
  get listens(): boolean {
    return this.#socketPath !== undefined;
  }

  ready(): void {
    this.#tell("READY=1");
  }

  reloading(): void {
    this.#tell("RELOADING=1", `MONOTONIC_USEC=${process.hrtime.bigint() / 1000n}`);
  }

  stopping(): void {
    clearInterval(this.#watchdog);
    this.#tell("STOPPING=1");
  }

  /** The line of `systemctl status`; told only when it changes. */
  status(text: string): void {
    if (text === this.#statusText) return;
    this.#statusText = text;
    this.#tell(`STATUS=${text}`);
  }

  #tell(...lines: readonly string[]): void {
    // A manager that does not listen changes nothing for us.
    notifyServiceManager(this.#syscalls, this.#socketPath, lines);
  }
}
