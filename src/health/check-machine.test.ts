import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import {
  type CheckConfig,
  type CheckEvent,
  type CheckState,
  checkWakeAtMs,
  startCheck,
  stepCheck,
} from "./check-machine.ts";

const config: CheckConfig = {
  timing: {
    delayLoopMs: 6000,
    connectTimeoutMs: 10_000,
    retries: 3,
    delayBeforeRetryMs: 3000,
    warmupMs: 6000,
  },
  probeTimeMaxMs: 15_000,
  name: "TCP_CHECK of 10.0.0.7:80",
};
const refused: CheckEvent = { kind: "probe-failed", reason: "connection refused by 10.0.0.7:80" };
const answered: CheckEvent = { kind: "probe-succeeded", latencyMs: 2 };

/**
 * Plays answers, one for each probe, in virtual time; each comes 10 ms after its probe. Returns one
 * line for each probe: when it began, and the verdict after it.
 */
function play(answers: readonly CheckEvent[], wish: CheckConfig = config, delayMs = 0): string[] {
  let state = startCheck(0, delayMs);
  const lines: string[] = [];
  for (const answer of answers) {
    const startedAtMs = checkWakeAtMs(state) ?? Number.NaN;
    const started = stepCheck(wish, state, { kind: "clock-reached" }, startedAtMs);
    assert.deepEqual(started.deeds, [{ kind: "start-probe" }]);
    state = stepCheck(wish, started.state, answer, startedAtMs + 10).state;
    lines.push(`${startedAtMs} ${state.verdict.word}`);
  }
  return lines;
}

test("the first probe comes after the warm-up, further ones delay_loop after each answer", () => {
  assert.deepEqual(play([answered, answered, answered], config, 2500), [
    "2500 up",
    "8510 up",
    "14520 up",
  ]);
});

test("a server that is up goes down after all its retries", () => {
  assert.deepEqual(play([answered, refused, refused, refused, refused, refused]), [
    "0 up",
    "6010 up",
    "9020 up",
    "12030 up",
    "15040 down",
    "21050 down",
  ]);
});

test("an unknown server gets its retries too", () => {
  const words = play([refused, refused, refused, refused]).map((line) => line.split(" ")[1]);
  assert.deepEqual(words, ["unknown", "unknown", "unknown", "down"]);
});

test("one success in between forgives the failures before it", () => {
  const words = play([answered, refused, refused, refused, answered, refused, refused, refused]);
  assert.ok(words.every((line) => line.endsWith("up")));
});

test("a server that is down is up after one success", () => {
  const noRetry = { ...config, timing: { ...config.timing, retries: 0 } };
  assert.deepEqual(play([refused, answered], noRetry), ["0 down", "6010 up"]);
});

test("the cause names the reason and the attempts", () => {
  let state: CheckState = startCheck(0, 0);
  for (let i = 0; i < 4; i++) {
    const atMs = checkWakeAtMs(state) ?? 0;
    state = stepCheck(config, state, { kind: "clock-reached" }, atMs).state;
    state = stepCheck(config, state, refused, atMs).state;
  }
  assert.deepEqual(state.verdict.cause, {
    kind: "check-failed",
    text: "connection refused by 10.0.0.7:80, 4 attempts",
  });
  state = stepCheck(config, state, { kind: "clock-reached" }, checkWakeAtMs(state) ?? 0).state;
  state = stepCheck(config, state, answered, 0).state;
  assert.equal(state.verdict.cause.text, "TCP_CHECK of 10.0.0.7:80 succeeded");
});

test("a probe that never answers is cancelled and counts as a failure", () => {
  const probing = stepCheck(config, startCheck(0, 0), { kind: "clock-reached" }, 0).state;
  assert.equal(checkWakeAtMs(probing), 15_000);
  const early = stepCheck(config, probing, { kind: "clock-reached" }, 14_999);
  assert.equal(early.state, probing);
  const late = stepCheck(config, probing, { kind: "clock-reached" }, 15_000);
  assert.deepEqual(late.deeds, [{ kind: "cancel-probe" }]);
  assert.equal(late.state.verdict.failures, 1);
});

test("a probe that this machine could not make changes nothing but the time of the next one", () => {
  const probing = stepCheck(config, startCheck(0, 0), { kind: "clock-reached" }, 0).state;
  const event: CheckEvent = { kind: "probe-impossible", reason: "too many open files" };
  const after = stepCheck(config, probing, event, 5).state;
  assert.deepEqual(after.verdict, probing.verdict);
  assert.equal(checkWakeAtMs(after), 3005);
});

test("a stopped check cancels its probe and hears nothing any more", () => {
  const probing = stepCheck(config, startCheck(0, 0), { kind: "clock-reached" }, 0).state;
  const stopped = stepCheck(config, probing, { kind: "stopped" }, 1);
  assert.deepEqual(stopped.deeds, [{ kind: "cancel-probe" }]);
  assert.equal(checkWakeAtMs(stopped.state), undefined);
  assert.equal(stepCheck(config, stopped.state, refused, 2).state, stopped.state);
});

const anyEvent: fc.Arbitrary<CheckEvent> = fc.constantFrom<CheckEvent>(
  { kind: "clock-reached" },
  answered,
  refused,
  { kind: "probe-impossible", reason: "too many open files" },
);

test("property: no order of events starts two probes at once or leaves a check without a wake-up", () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(anyEvent, fc.nat(20_000)), { maxLength: 60 }), (events) => {
      let state = startCheck(0, 0);
      let nowMs = 0;
      let running = 0;
      for (const [event, passedMs] of events) {
        nowMs += passedMs;
        const wasProbing = state.phase === "probing";
        const step = stepCheck(config, state, event, nowMs);
        state = step.state;
        if (wasProbing && event.kind !== "clock-reached") running--;
        for (const deed of step.deeds) running += deed.kind === "start-probe" ? 1 : -1;
        assert.equal(running, state.phase === "probing" ? 1 : 0);
        assert.ok(checkWakeAtMs(state) !== undefined);
      }
    }),
  );
});
