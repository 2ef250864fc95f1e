// The stage of `model-and-xdp.test.ts`: in fresh network and mount namespaces it plays all recorded
// streams on the eBPF programs, and prints the transcripts as one line of JSON.

import { schedulerNames } from "../../src/model/virtual-server.ts";
import { formStreams } from "../contract/form-streams.ts";
import { forwardingStreams } from "../contract/forwarding-streams.ts";
import { particularStreams } from "../contract/particular-streams.ts";
import { recordedStreams } from "../contract/recorded-streams.ts";
import { play, type Stream, type Transcript } from "../contract/stream.ts";
import { prepareDevice, type XdpFront, xdpUnderTest } from "../contract/xdp-under-test.ts";

/** Schedulers whose choice can be foretold: all but twos. */
const schedulers = schedulerNames.filter((name) => name !== "twos");

/** Everything that is compared. */
export function allStreams(): readonly Stream[] {
  return [
    ...recordedStreams(schedulers),
    ...particularStreams(),
    ...forwardingStreams(),
    ...recordedStreams(["rr", "wlc"], { families: [6], length: 0.3 }),
    ...recordedStreams(["rr", "wlc"], {
      protocols: ["SCTP"],
      families: [4, 6],
      length: 0.3,
      after: 150,
    }),
    ...formStreams(),
  ];
}

/** One stream, played. */
export interface PlayedStream {
  readonly front: XdpFront;
  readonly name: string;
  readonly transcript: Transcript;
}

async function playAll(): Promise<readonly PlayedStream[]> {
  prepareDevice();
  const played: PlayedStream[] = [];
  for (const front of ["tc", "xdp"] as const) {
    // Loading and verifying the programs takes longer than all streams: once is enough, because
    // every stream has a virtual address of its own.
    const engine = xdpUnderTest(front);
    for (const stream of allStreams()) {
      const transcript = await play(engine, stream);
      for (const { key } of await engine.statistics())
        await engine.apply({ kind: "remove-service", key });
      played.push({ front, name: stream.name, transcript });
    }
    await engine.close();
  }
  return played;
}

if (process.argv[2] === "play") console.log(JSON.stringify(await playAll()));
