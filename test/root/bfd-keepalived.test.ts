// BFD against the real keepalived, each on a host of its own, with keepalived's own defaults.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { IpAddress } from "../../src/base/address.ts";
import type { Host } from "../../src/lab/host.ts";
import type { Lab } from "../../src/lab/lab.ts";
import type { LabProcess } from "../../src/lab/lab-process.ts";
import { waitFor } from "../../src/lab/waiting.ts";
import { A4, A6, B4, B6, buildBfdLab, KeelsonBfd, session } from "./bfd-lab.ts";
import { killSilently, whyNot } from "./vrrp-lab.ts";

const missing = whyNot();
const options = missing === undefined ? {} : { skip: missing };
let lab: Lab;

before(async () => {
  if (missing === undefined) lab = await buildBfdLab();
});
after(() => lab?.close());

/** The real keepalived with one session, which says what becomes of it on its standard error. */
async function startKeepalived(
  host: Host,
  neighbor: IpAddress,
  source: IpAddress,
  settings: readonly string[],
): Promise<LabProcess> {
  const lines = [
    "bfd_instance peer {",
    `neighbor_ip ${neighbor}`,
    `source_ip ${source}`,
    ...settings,
    "}",
    "",
  ];
  host.writeFile("/run/keepalived-bfd.conf", lines.join("\n"));
  await host.shell("rm -f /run/*.pid /run/keepalived/*.pid");
  const pids = ["-r", "/run/vrrp.pid", "-c", "/run/checkers.pid"];
  const files = [
    ...pids,
    "-f",
    "/run/keepalived-bfd.conf",
    "-p",
    "/run/keepalived.pid",
    "-b",
    "/run/bfd.pid",
  ];
  return host.start(["keepalived", "-n", "-l", "-D", ...files]);
}

/** Waits until keepalived has said that its session entered a state. */
async function untilSaid(running: LabProcess, state: "Up" | "Down"): Promise<void> {
  const said = (): true | undefined =>
    running.output.includes(`(peer) Entering ${state} state`) || undefined;
  const seen = await waitFor(said, { timeoutMs: 30_000, everyMs: 50 });
  assert.ok(seen, `keepalived entered ${state}: ${running.output}`);
}

/** Ends a keepalived that may have ended. */
async function end(keepalived: LabProcess): Promise<void> {
  if (keepalived.end === undefined) await killSilently(keepalived);
}

const TIMES = ["min_rx 50", "min_tx 50", "multiplier 4"];

test("IPv4: up, killed, and up again", options, async () => {
  const b = lab.host("b");
  const keelson = await KeelsonBfd.start(lab.host("a"), [session(B4)]);
  let keepalived = await startKeepalived(b, A4, B4, TIMES);
  try {
    await keelson.until("the session is up", ({ state }) => state === "Up");
    await untilSaid(keepalived, "Up");
    await keelson.until("its poll is over", ({ detectionMs }) => detectionMs === 200);
    await end(keepalived);
    // Its parent lives a moment longer and may start another child, which says Down.
    await keelson.until("its end is noticed", ({ counters }) => counters.wentDown > 0);
    assert.equal(keelson.news.at(-1)?.up, false);
    keepalived = await startKeepalived(b, A4, B4, TIMES);
    await keelson.until(
      "it is up again",
      ({ state, remoteState }) => state === "Up" && remoteState === "Up",
    );
  } finally {
    await end(keepalived);
    await keelson.router.process.killFamily();
  }
});

test("a stop on either side is told as such", options, async () => {
  const b = lab.host("b");
  const keelson = await KeelsonBfd.start(lab.host("a"), [session(B4)]);
  const keepalived = await startKeepalived(b, A4, B4, TIMES);
  try {
    await keelson.until("the session is up", ({ remoteState }) => remoteState === "Up");
    await keepalived.stop();
    await keelson.until("its stop counts", ({ state }) => state !== "Up");
    assert.match(keelson.news.at(-1)?.text ?? "", /administratively down|detection time/);
    const again = await startKeepalived(b, A4, B4, TIMES);
    try {
      await keelson.until("it is up again", ({ state }) => state === "Up");
      await untilSaid(again, "Up");
      await keelson.configure([]);
      await untilSaid(again, "Down");
    } finally {
      await end(again);
    }
  } finally {
    await end(keepalived);
    await keelson.router.process.killFamily();
  }
});

test("IPv6: a keepalived that sends with its own hop limit of 64 is heard", options, async () => {
  const keelson = await KeelsonBfd.start(lab.host("a"), [session(B6)]);
  const keepalived = await startKeepalived(lab.host("b"), A6, B6, TIMES);
  try {
    await keelson.until("the session is up", ({ state }) => state === "Up");
    await untilSaid(keepalived, "Up");
    await keelson.configure([session(B6, { ttl: 255 })]);
    const strict = await keelson.until("strict, it is not", ({ state }) => state !== "Up");
    assert.ok((strict.counters.rejected["ttl-wrong"] ?? 0) > 0);
  } finally {
    await end(keepalived);
    await keelson.router.process.killFamily();
  }
});

test("keepalived's defaults, 10 ms times 5, hold on a quiet machine", options, async () => {
  const quick = session(B4, { minReceiveMs: 10, minTransmitMs: 10, multiplier: 5 });
  const keelson = await KeelsonBfd.start(lab.host("a"), [quick]);
  const keepalived = await startKeepalived(lab.host("b"), A4, B4, []);
  try {
    await keelson.until(
      "both offer 10 ms",
      ({ detectionMs, state }) => state === "Up" && detectionMs === 50,
    );
    const status = await keelson.status();
    assert.equal(status.transmitIntervalMs, 10);
  } finally {
    await end(keepalived);
    await keelson.router.process.killFamily();
  }
});
