// One request of an HTTP_GET check as a dialogue: bytes out, bytes in, a judgement. No sockets.

import type { CheckTarget, HttpRequest } from "../model/virtual-server.ts";
import type { DialogueProgress, ProbeDialogue } from "../world/probe-network.ts";
import { encodeHttpRequest } from "./http-request.ts";
import { bodyBytesMax, type HttpProgress, HttpResponseReader } from "./http-response.ts";

/** Lower-case hexadecimal MD5 of bytes; the pure rooms have none of their own. */
export type Md5 = (bytes: Uint8Array) => string;

/** The dialogue of one request; it succeeds with an accepted status and, if asked for, digest. */
export function openHttpDialogue(
  request: HttpRequest,
  target: CheckTarget,
  md5: Md5,
): ProbeDialogue {
  const reader = new HttpResponseReader();
  const judge = (progress: HttpProgress): DialogueProgress => judgeAnswer(request, progress, md5);
  return {
    request: encodeHttpRequest(request, target),
    receive: (bytes) => judge(reader.push(bytes)),
    end: () => judge(reader.end()),
    waitingFor: () =>
      reader.bytesRead === 0
        ? `an answer to GET ${request.path}`
        : `the end of the answer to GET ${request.path}, after ${reader.bytesRead} bytes`,
  };
}

function judgeAnswer(request: HttpRequest, progress: HttpProgress, md5: Md5): DialogueProgress {
  const forPath = `for GET ${request.path}`;
  switch (progress.kind) {
    case "more":
      return { kind: "more" };
    case "malformed":
      return { kind: "failed", reason: `${progress.reason} ${forPath}` };
    case "complete": {
      const { status } = progress;
      if (!acceptsStatus(request, status))
        return {
          kind: "failed",
          reason: `status ${status} instead of ${describeAccepted(request)} ${forPath}`,
        };
      if (request.digest === undefined) return { kind: "succeeded" };
      if (progress.truncated)
        return { kind: "failed", reason: `body longer than ${bodyBytesMax} bytes ${forPath}` };
      const digest = md5(progress.body);
      if (digest === request.digest.toLowerCase()) return { kind: "succeeded" };
      return {
        kind: "failed",
        reason: `digest ${digest} instead of ${request.digest.toLowerCase()} ${forPath}`,
      };
    }
  }
}

function accepted(request: HttpRequest): HttpRequest["statusCodes"] {
  return request.statusCodes.length === 0 ? [{ from: 200, to: 299 }] : request.statusCodes;
}

function acceptsStatus(request: HttpRequest, status: number): boolean {
  return accepted(request).some((range) => status >= range.from && status <= range.to);
}

function describeAccepted(request: HttpRequest): string {
  return accepted(request)
    .map((range) => (range.from === range.to ? `${range.from}` : `${range.from}..${range.to}`))
    .join(", ");
}
