import assert from "node:assert/strict";
import { test } from "node:test";
import type { VrrpScript } from "../model/vrrp-instance.ts";
import { scriptWakeAtMs, startScript, stepScript } from "./script-tracker.ts";

const script: VrrpScript = {
  name: "check_web",
  command: ["/bin/true"],
  intervalMs: 5000,
  timeoutMs: 5000,
  rise: 2,
  fall: 3,
  weight: 50,
  initFail: false,
};

/** Exits as a text of `+` and `-`; answers the verdict after each. */
function verdicts(exits: string, wish: VrrpScript = script): string {
  let state = startScript(wish, 0);
  let text = "";
  for (const exit of exits) {
    const atMs = scriptWakeAtMs(state) ?? 0;
    const started = stepScript(wish, state, { kind: "clock-reached" }, atMs);
    assert.ok(started.run);
    const ended = { kind: "run-ended", success: exit === "+", text: "" } as const;
    state = stepScript(wish, started.state, ended, atMs + 20).state;
    text += state.up === true ? "+" : "-";
  }
  return text;
}

test("the first exit decides at once", () => {
  assert.equal(verdicts("+"), "+");
  assert.equal(verdicts("-"), "-");
});

test("nothing is known before the first exit", () => {
  assert.equal(startScript(script, 0).up, null);
});

test("fall failures in a row make it down, rise successes in a row up", () => {
  assert.equal(verdicts("+--+---+-++"), "++++++----+");
});

test("with init_fail it is down until rise successes in a row", () => {
  const wish = { ...script, initFail: true };
  assert.equal(startScript(wish, 0).up, false);
  assert.equal(verdicts("+-++", wish), "---+");
});

test("it runs on a steady interval, whatever a run takes", () => {
  let state = stepScript(script, startScript(script, 100), { kind: "clock-reached" }, 100).state;
  const ended = { kind: "run-ended", success: true, text: "" } as const;
  state = stepScript(script, state, ended, 900).state;
  assert.equal(scriptWakeAtMs(state), 5100);
});

test("while a run lasts no other begins, and the beats it missed are skipped", () => {
  const wish = { ...script, timeoutMs: 60_000 };
  let state = stepScript(wish, startScript(wish, 0), { kind: "clock-reached" }, 0).state;
  assert.equal(scriptWakeAtMs(state), undefined);
  assert.equal(stepScript(wish, state, { kind: "clock-reached" }, 5000).run, false);
  const ended = { kind: "run-ended", success: true, text: "" } as const;
  state = stepScript(wish, state, ended, 12_000).state;
  assert.equal(scriptWakeAtMs(state), 15_000);
});
