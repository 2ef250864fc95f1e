// Holds many connections open and sends a byte on each of them every 200 ms, waiting for its echo.
// Arguments: address, number of connections. Prints a line of JSON for each line of input.

import { connect, type Socket } from "node:net";
import { createInterface } from "node:readline";

const [target = "", countText = "1000"] = process.argv.slice(2);
const count = Number(countText);
const sendIntervalMs = 200;

interface Talk {
  readonly socket: Socket;
  /** Monotonic milliseconds of the byte that is not answered yet; 0: none. */
  askedMs: number;
  answers: number;
}

const talks: Talk[] = [];
const endings: Record<string, number> = {};
let longestWaitMs = 0;
let connected = 0;

function open(): void {
  const socket = connect({ host: target, port: 80, noDelay: true });
  const talk: Talk = { socket, askedMs: 0, answers: 0 };
  talks.push(talk);
  const end = (how: string): void => {
    endings[how] = (endings[how] ?? 0) + 1;
  };
  socket.on("connect", () => {
    connected++;
  });
  socket.on("error", (error: NodeJS.ErrnoException) => end(error.code ?? "error"));
  socket.on("end", () => end("closed"));
  socket.on("data", () => {
    longestWaitMs = Math.max(longestWaitMs, performance.now() - talk.askedMs);
    talk.askedMs = 0;
    talk.answers++;
  });
}

function ask(): void {
  const nowMs = performance.now();
  for (const talk of talks) {
    if (talk.socket.readyState !== "open") continue;
    // A question that still waits is not repeated: its waiting time is what is measured.
    if (talk.askedMs !== 0) {
      longestWaitMs = Math.max(longestWaitMs, nowMs - talk.askedMs);
      continue;
    }
    talk.askedMs = nowMs;
    talk.socket.write("x");
  }
}

// Connections are opened a few at a time, as clients come.
const opening = setInterval(() => {
  for (let i = 0; i < 20 && talks.length < count; i++) open();
  if (talks.length === count) clearInterval(opening);
}, 20);
setInterval(ask, sendIntervalMs);

/** Each line of input asks for the state since the last one. */
createInterface({ input: process.stdin }).on("line", () => {
  const answers = talks.map((talk) => talk.answers);
  for (const talk of talks) talk.answers = 0;
  const state = { connected, endings, longestWaitMs, fewestAnswers: Math.min(...answers) };
  longestWaitMs = 0;
  process.stdout.write(`${JSON.stringify(state)}\n`);
});
