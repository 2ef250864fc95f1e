// Model and eBPF cannot be told apart: both play the same recorded streams, and what they choose,
// how they rewrite, what they count and in which states their connections are is the same.
//
// Three things are known to differ, and are named here:
// - refusals by ICMP are limited in the eBPF program, which drops in silence beyond its limit;
// - the model keeps removed templates under port 65535 as IPVS does, the program forgets them, and
//   it does not note that a UDP template is assured: nothing but memory pressure would ask;
// - a server that returns has its old counters in the model; in the maps they have gone to its
//   service. So counters are compared in the streams in which nobody leaves.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { before, describe, test } from "node:test";
import { fileURLToPath } from "node:url";
import { modelUnderTest } from "../contract/model-under-test.ts";
import { play, type Stream, type Transcript } from "../contract/stream.ts";
import { allStreams, type PlayedStream } from "./model-and-xdp-stage.ts";

const stage = fileURLToPath(new URL("./model-and-xdp-stage.js", import.meta.url));
const missing = process.getuid?.() === 0 ? false : "needs root";

function playStage(): Promise<readonly PlayedStream[]> {
  const namespaces = ["-nm", "--pid", "--fork", "--kill-child", "--mount-proc"];
  const child = spawn("unshare", [...namespaces, process.execPath, stage, "play"]);
  return new Promise((resolve, reject) => {
    let output = "";
    let errors = "";
    child.stdout.on("data", (part: Buffer) => {
      output += part.toString();
    });
    child.stderr.on("data", (part: Buffer) => {
      errors += part.toString();
    });
    const deadline = setTimeout(() => child.kill("SIGKILL"), 300_000);
    child.on("close", (code) => {
      clearTimeout(deadline);
      if (code === 0) resolve(JSON.parse(output) as readonly PlayedStream[]);
      else reject(new Error(`the stage ended with ${code}: ${errors}`));
    });
  });
}

function comparable(transcript: Transcript, stream: Stream): Transcript {
  return {
    frames: transcript.frames.map((line) => line.replace(/: drop$/, ": refused")),
    counters: stream.removal ? [] : transcript.counters,
    connections: transcript.connections
      .filter((line) => !line.includes(":65535 "))
      .map((line) => (line.startsWith("UDP") ? line.replace(/ (NONE|ASSURED)$/, "") : line)),
  };
}

describe("the eBPF programs play every stream as the model does", { skip: missing }, () => {
  let played: readonly PlayedStream[];

  before(async () => {
    played = await playStage();
  });

  for (const stream of allStreams()) {
    for (const front of ["tc", "xdp"] as const) {
      test(`${front}: ${stream.name}`, async () => {
        const found = played.find((one) => one.front === front && one.name === stream.name);
        assert.ok(found !== undefined, "the stream was played");
        const expected = await play(modelUnderTest(), stream);
        assert.ok(expected.frames.length >= 5, "the stream has something to say");
        assert.deepEqual(comparable(found.transcript, stream), comparable(expected, stream));
      });
    }
  }
});
