// BFD against FRR's bfdd, each on a host of its own.

import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { after, before, test } from "node:test";
import type { Lab } from "../../src/lab/lab.ts";
import { A4, A6, B4, B6, buildBfdLab, FrrBfd, KeelsonBfd, mute, session } from "./bfd-lab.ts";
import { instance, whyNot } from "./vrrp-lab.ts";

const missing = whyNot() ?? (existsSync("/usr/lib/frr/bfdd") ? undefined : "needs FRR's bfdd");
const options = missing === undefined ? {} : { skip: missing };
const TIMES = ["detect-multiplier 4", "receive-interval 50", "transmit-interval 50"];
let lab: Lab;

before(async () => {
  if (missing === undefined) lab = await buildBfdLab();
});
after(() => lab?.close());

test("a session comes up, agrees on intervals, and falls when FRR is killed", options, async () => {
  const frr = await FrrBfd.start(lab.host("b"), `${A4} local-address ${B4}`, TIMES);
  const followed = instance({ options: { trackedBfdSessions: [{ name: "peer" }] } });
  const keelson = await KeelsonBfd.start(lab.host("a"), [session(B4)], [followed]);
  try {
    await keelson.until("both are up", (one) => one.state === "Up" && one.remoteState === "Up");
    const peer = await frr.until(
      "its poll is over",
      (one) => one["remote-transmit-interval"] === 50,
    );
    assert.equal(peer.status, "up");
    assert.equal(peer["remote-receive-interval"], 50);
    assert.equal(peer["remote-detect-multiplier"], 4);
    const { detectionMs } = await keelson.until(
      "FRR's poll is over",
      (one) => one.detectionMs === 200,
    );
    assert.equal(detectionMs, 4 * 50);
    await keelson.router.untilState("MASTER");

    // Killed, FRR says nothing: the silence alone must tell.
    const killedAtMs = Date.now();
    process.kill(frr.bfdd.family()[0] ?? assert.fail("bfdd runs"), "SIGKILL");
    await keelson.until("its silence is noticed", ({ state }) => state !== "Up");
    const down = keelson.news.at(-1);
    assert.equal(down?.up, false);
    assert.match(down?.text ?? "", /no packet from 10.7.0.2 within the detection time/);
    const tookMs = (down?.atMs ?? 0) - killedAtMs;
    assert.ok(
      tookMs > 200 - 50 - 20,
      `not before a detection time less one interval: ${tookMs} ms`,
    );
    assert.ok(tookMs < 2000, `${tookMs} ms`);
    const fault = await keelson.router.untilState("FAULT");
    assert.equal(fault.cause.kind, "bfd-failed");
  } finally {
    await frr.stop();
    await keelson.router.process.killFamily();
  }
});

test("administratively down on either side is told, and passes", options, async () => {
  const frr = await FrrBfd.start(lab.host("b"), `${A4} local-address ${B4}`, TIMES);
  const keelson = await KeelsonBfd.start(lab.host("a"), [session(B4)]);
  const path = ["configure terminal", "bfd", `peer ${A4} local-address ${B4}`];
  try {
    await keelson.until("the session is up", ({ state }) => state === "Up");
    await frr.command(...path, "shutdown");
    await keelson.until("FRR's AdminDown counts", ({ state }) => state === "Down");
    assert.match(keelson.news.at(-1)?.text ?? "", /administratively down/);
    await frr.command(...path, "no shutdown");
    await keelson.until("it is up again", ({ state }) => state === "Up");
    await frr.until("FRR sees it too", ({ status }) => status === "up");
    await keelson.configure([]);
    const peer = await frr.until("our end is seen", ({ status }) => status === "down");
    assert.equal(peer["remote-diagnostic"], "administratively down");
  } finally {
    await frr.stop();
    await keelson.router.process.killFamily();
  }
});

test("other intervals are agreed on by both sides without a moment down", options, async () => {
  const frr = await FrrBfd.start(lab.host("b"), `${A4} local-address ${B4}`, TIMES);
  const keelson = await KeelsonBfd.start(lab.host("a"), [session(B4)]);
  try {
    await keelson.until("FRR's poll is over", (one) => one.detectionMs === 200);
    assert.deepEqual(await keelson.configure([session(B4)]), []);
    const slower = session(B4, { minTransmitMs: 120, minReceiveMs: 90, multiplier: 7 });
    assert.deepEqual(await keelson.configure([slower]), ["change BFD session peer"]);
    const peer = await frr.until("FRR knows", (one) => one["remote-transmit-interval"] === 120);
    assert.equal(peer["remote-receive-interval"], 90);
    assert.equal(peer["remote-detect-multiplier"], 7);
    await keelson.until("our poll is over", (one) => one.detectionMs === 4 * 90);
    const path = ["configure terminal", "bfd", `peer ${A4} local-address ${B4}`];
    await frr.command(...path, "transmit-interval 200", "receive-interval 150");
    const theirs = await keelson.until(
      "theirs counts",
      (one) => one.detectionMs === 4 * 200 && one.transmitIntervalMs === 150,
    );
    assert.equal(theirs.counters.wentDown, 0);
    assert.equal((await frr.peer())?.status, "up");
  } finally {
    await frr.stop();
    await keelson.router.process.killFamily();
  }
});

test("a cut link takes both ends down, and they come back with it", options, async () => {
  const frr = await FrrBfd.start(lab.host("b"), `${A4} local-address ${B4}`, TIMES);
  const keelson = await KeelsonBfd.start(lab.host("a"), [session(B4)]);
  const b = lab.host("b");
  try {
    await keelson.until("the session is up", ({ state }) => state === "Up");
    await frr.until("on both sides", ({ status }) => status === "up");
    // One way only: what a sends still arrives, so that b knows that it is not heard.
    await mute(b);
    await keelson.until("our detection", ({ state }) => state !== "Up");
    assert.match(keelson.news.at(-1)?.text ?? "", /within the detection time/);
    await frr.until("FRR is told", ({ status }) => status === "down");
    await b.shell("nft delete table inet mute");
    await keelson.until("it is up again", ({ state }) => state === "Up");
  } finally {
    await b.run(["nft", "delete", "table", "inet", "mute"]);
    await frr.stop();
    await keelson.router.process.killFamily();
  }
});

test("IPv6 on the link, and multihop with its own port", options, async () => {
  const six = await FrrBfd.start(lab.host("b"), `${A6} local-address ${B6}`, TIMES);
  const strict = session(B6, { ttl: 255, source: A6 });
  const keelson = await KeelsonBfd.start(lab.host("a"), [strict]);
  try {
    await keelson.until("the session is up", ({ state }) => state === "Up");
    await six.until("FRR agrees", ({ status }) => status === "up");
    await six.stop();
    const far = await FrrBfd.start(lab.host("b"), `${A4} multihop local-address ${B4}`, TIMES);
    try {
      await keelson.configure([
        session(B4, { name: "far", multihop: true, source: A4, hopsMax: 2 }),
      ]);
      await keelson.until("multihop is up", ({ name, state }) => name === "far" && state === "Up");
      await far.until("FRR agrees", ({ status }) => status === "up");
    } finally {
      await far.stop();
    }
  } finally {
    await six.stop();
    await keelson.router.process.killFamily();
  }
});

test("a passive session waits for FRR to begin, and our stop is no silence", options, async () => {
  const keelson = await KeelsonBfd.start(lab.host("a"), [session(B4, { passive: true })]);
  const silent = await keelson.status();
  const frr = await FrrBfd.start(lab.host("b"), `${A4} local-address ${B4}`, TIMES);
  try {
    assert.equal(
      (await keelson.status()).counters.received > 0 ||
        (await keelson.status()).counters.sent === 0,
      true,
    );
    assert.equal(silent.counters.sent, 0, "FRR was not there yet");
    await keelson.until("the session is up", ({ state }) => state === "Up");
    await frr.until("on both sides", ({ status }) => status === "up");
    keelson.router.send({ kind: "stop" });
    const peer = await frr.until("our end is told", ({ status }) => status === "down");
    assert.equal(peer["remote-diagnostic"], "administratively down");
  } finally {
    await frr.stop();
    await keelson.router.process.killFamily();
  }
});
