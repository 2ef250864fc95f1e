// Going to the background: this program is started once more in a session of its own, and the one that the caller waits
// for ends when that one runs, or tells why it does not.

import { type ChildProcess, spawn } from "node:child_process";
import { closeSync, writeSync } from "node:fs";
import type { Readable } from "node:stream";
import { LineSplitter } from "../../api/line-splitter.ts";

/** Names the descriptor on which the one in the background speaks. */
const variable = "KEELSON_BACKGROUND";
const descriptor = 3;
const lineBytesMax = 65_536;

/** What it says there, one JSON object a line. */
type News = { readonly say: string } | { readonly runs: true };

/** The way from the process in the background to the one that the caller waits for. */
export interface BackgroundLink {
  /** The descriptor, for a process that becomes its own program again. */
  readonly fd: number;
  /** A line for the caller. */
  say(text: string): void;
  /** The caller need not wait any longer. */
  runs(): void;
}

/** The link, in the process that was started for the background. */
export function backgroundLink(environment: NodeJS.ProcessEnv): BackgroundLink | undefined {
  if (environment[variable] !== String(descriptor)) return undefined;
  const tell = (news: News): void => {
    try {
      writeSync(descriptor, `${JSON.stringify(news)}\n`);
    } catch {
      // Whoever waited is gone.
    }
  };
  return {
    fd: descriptor,
    say: (text) => tell({ say: text }),
    runs: () => {
      tell({ runs: true });
      closeSync(descriptor);
    },
  };
}

/** Programs that this process starts are not in the background of anybody. */
export function forgetBackgroundLink(environment: NodeJS.ProcessEnv): void {
  delete environment[variable];
}

/**
 * Starts the process in the background; gives the exit status for the caller when it runs, or has ended. `say` gets what it
 * has for the caller.
 */
export function runInBackground(say: (text: string) => void): Promise<number> {
  const child = spawn(process.execPath, [...process.execArgv, ...process.argv.slice(1)], {
    detached: true,
    stdio: ["ignore", "ignore", "ignore", "pipe"],
    env: { ...process.env, [variable]: String(descriptor) },
  });
  return waitFor(child, say);
}

function waitFor(child: ChildProcess, say: (text: string) => void): Promise<number> {
  return new Promise((resolve) => {
    const splitter = new LineSplitter(lineBytesMax);
    const news = child.stdio[descriptor] as Readable;
    news.on("data", (chunk: Uint8Array) => {
      for (const line of splitter.push(chunk)) {
        const message = JSON.parse(line) as News;
        if ("runs" in message) resolve(0);
        else say(message.say);
      }
    });
    child.once("error", (error) => {
      say(error.message);
      resolve(1);
    });
    // Its last words come before the end of the stream.
    child.once("close", (code, signal) => {
      if (signal !== null) say(`ended by ${signal}`);
      resolve(code ?? 1);
    });
  });
}
