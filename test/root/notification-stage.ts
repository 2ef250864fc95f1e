// A router alone on its segment whose programs, FIFO lines and mails are recorded.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { Host } from "../../src/lab/host.ts";
import type { Lab } from "../../src/lab/lab.ts";
import type { LabProcess } from "../../src/lab/lab-process.ts";
import { waitFor } from "../../src/lab/waiting.ts";

const program = fileURLToPath(new URL("../../../bin/keelson", import.meta.url));
const nodeDirectory = process.execPath.replace(/\/[^/]+$/, "");
const environment = { PATH: `${nodeDirectory}:/usr/sbin:/usr/bin:/sbin:/bin` };
const configFile = "/run/site/site.conf";
const patienceMs = 60_000;

/** Writes its arguments as one line, after a moment that differs from run to run. */
const recorder = `#!/bin/bash
sleep 0.0$((RANDOM % 10))$((RANDOM % 10))
line=$(printf '%s|' "$@")
echo "$line" >> /run/calls
`;

/** The same, slowly, so that others wait behind it. */
const slowRecorder = `#!/bin/bash
sleep 0.4
line=$(printf '%s|' "$@")
echo "$line" >> /run/calls
`;

/** Goes on when the FIFO is made anew, as programs in the field do. */
const reader = `#!/bin/bash
while :; do cat "\${@: -1}" >> /run/lines 2>/dev/null || sleep 0.05; done
`;

/** A mail server that takes everything and writes the subjects. */
const mailServer = `
const { appendFileSync } = require("node:fs");
require("node:net").createServer((socket) => {
  let inData = false, rest = "";
  socket.on("error", () => 0);
  socket.write("220 relay\\r\\n");
  socket.on("data", (chunk) => {
    rest += chunk;
    const lines = rest.split("\\r\\n");
    rest = lines.pop();
    for (const line of lines) {
      if (inData) {
        if (/^Subject: /.test(line)) appendFileSync("/run/mails", line + "\\n");
        if (line === ".") { inData = false; socket.write("250 taken\\r\\n"); }
      } else if (line === "DATA") { inData = true; socket.write("354 go on\\r\\n"); }
      else if (line === "QUIT") socket.end("221 bye\\r\\n");
      else socket.write("250 relay\\r\\n");
    }
  });
}).listen(2525, "127.0.0.1", () => console.log("up"));
`;

export type Program = "keelson" | "keepalived";

export class NotificationStage {
  readonly host: Host;
  readonly #lab: Lab;
  readonly #program: Program;
  #running: LabProcess | undefined;

  constructor(lab: Lab, hostName: string, router: Program) {
    this.#lab = lab;
    this.host = lab.host(hostName);
    this.#program = router;
    for (const [name, text] of Object.entries({ recorder, slowRecorder, reader }))
      this.host.writeFile(`/server/${name}`, text, 0o755);
  }

  /** Starts the router on a configuration. */
  async start(text: string): Promise<LabProcess> {
    this.configure(text);
    const argv =
      this.#program === "keelson"
        ? [program, "run", "-f", configFile]
        : ["keepalived", "-n", "-l", "-D", "-f", configFile];
    this.#running = await this.host.start(argv, { environment });
    return this.#running;
  }

  configure(text: string): void {
    this.host.writeFile(configFile, text);
  }

  async startMailServer(): Promise<void> {
    const server = await this.host.start([process.execPath, "-e", mailServer]);
    await this.until(() => server.output.includes("up"), "the mail server listens");
  }

  /** `keelson ARGUMENTS`. */
  async ask(...argv: readonly string[]): Promise<string> {
    return (await this.host.run([program, ...argv])).stdout;
  }

  reload(): void {
    this.#running?.signal("SIGHUP");
  }

  /** Ends it as an operator does, and waits for its end. */
  async stop(): Promise<void> {
    this.#running?.signal("SIGTERM");
    await this.#running?.ended;
  }

  /** Takes the cable out, or puts it in again. */
  async cable(state: "up" | "down"): Promise<void> {
    await this.#lab.switch.shell(`ip link set ${this.host.name}-ens4 ${state}`);
  }

  /** Lines of a file of the host. */
  lines(path: string): readonly string[] {
    try {
      return readFileSync(this.host.outside(path), "utf8").split("\n").slice(0, -1);
    } catch {
      // Nothing has been written yet.
      return [];
    }
  }

  /** What programs were called with. */
  get calls(): readonly string[] {
    return this.lines("/run/calls");
  }

  async until(condition: () => boolean, what: string): Promise<void> {
    const look = (): true | undefined => (condition() ? true : undefined);
    const reached = await waitFor(look, { timeoutMs: patienceMs, everyMs: 20 });
    if (reached) return;
    const seen = [...this.calls, ...this.lines("/run/lines"), this.#running?.output];
    assert.fail(`never: ${what}: ${seen.join("\n")}`);
  }

  /** Waits until a line has been written so many times. */
  async untilLine(path: string, line: string, times = 1): Promise<void> {
    await this.until(
      () => this.lines(path).filter((one) => one === line).length >= times,
      `${times} times ${line} in ${path}`,
    );
  }
}
