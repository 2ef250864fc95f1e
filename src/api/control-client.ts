// The asking end of the control socket.

import { connect } from "node:net";
import { fail, ok, type Result } from "../base/result.ts";
import {
  answerBytesMax,
  type ControlAnswer,
  type ControlEvent,
  type ControlRequest,
} from "./control-protocol.ts";
import { LineSplitter } from "./line-splitter.ts";

/** `not-running`: nobody listens there. */
export interface ControlClientFault {
  readonly kind: "not-running" | "not-permitted" | "no-answer" | "bad-answer";
  readonly text: string;
}

/** Sends one request and gives its answer. Waits at most `timeoutMs`. */
export function askDirector(
  path: string,
  request: ControlRequest,
  timeoutMs: number,
): Promise<Result<ControlAnswer, ControlClientFault>> {
  return new Promise((resolve) => {
    const socket = connect(path);
    const splitter = new LineSplitter(answerBytesMax);
    const finish = (result: Result<ControlAnswer, ControlClientFault>): void => {
      resolve(result);
      socket.destroy();
    };
    socket.setTimeout(timeoutMs, () =>
      finish(fail({ kind: "no-answer", text: `no answer within ${timeoutMs} ms` })),
    );
    socket.on("error", (error: NodeJS.ErrnoException) => finish(fail(connectFault(path, error))));
    socket.on("close", () =>
      finish(fail({ kind: "no-answer", text: "the director closed the connection" })),
    );
    socket.on("data", (chunk: Uint8Array) => {
      const [line] = splitter.push(chunk);
      if (line !== undefined) finish(parseAnswer(line));
      else if (splitter.overlong)
        finish(fail({ kind: "bad-answer", text: "the answer is too long" }));
    });
    socket.on("connect", () => socket.write(`${JSON.stringify(request)}\n`));
  });
}

/** Follows the event stream until the director ends it or `signal` aborts. */
export function followEvents(
  path: string,
  onEvent: (event: ControlEvent["event"]) => void,
  signal: AbortSignal,
): Promise<Result<void, ControlClientFault>> {
  return new Promise((resolve) => {
    const socket = connect(path);
    const splitter = new LineSplitter(answerBytesMax);
    const request: ControlRequest = { command: "events" };
    signal.addEventListener("abort", () => socket.destroy());
    socket.on("error", (error: NodeJS.ErrnoException) => resolve(fail(connectFault(path, error))));
    socket.on("close", () => resolve(ok(undefined)));
    socket.on("data", (chunk: Uint8Array) => {
      for (const line of splitter.push(chunk)) {
        const message = JSON.parse(line) as Partial<ControlEvent>;
        if (message.event !== undefined) onEvent(message.event);
      }
    });
    socket.on("connect", () => socket.write(`${JSON.stringify(request)}\n`));
  });
}

function parseAnswer(line: string): Result<ControlAnswer, ControlClientFault> {
  try {
    return ok(JSON.parse(line) as ControlAnswer);
  } catch {
    return fail({ kind: "bad-answer", text: "the answer is not JSON" });
  }
}

function connectFault(path: string, error: NodeJS.ErrnoException): ControlClientFault {
  if (error.code === "ENOENT" || error.code === "ECONNREFUSED")
    return { kind: "not-running", text: `nobody listens on ${path}` };
  if (error.code === "EACCES" || error.code === "EPERM")
    return { kind: "not-permitted", text: `not allowed to open ${path}` };
  return { kind: "no-answer", text: error.message };
}
