import assert from "node:assert/strict";
import { test } from "node:test";
import { fail, ok } from "../base/result.ts";
import type { EngineChoice, GlobalSettings } from "../model/model.ts";
import { TableEngine } from "../simulated/table-engine.ts";
import { chooseEngine, type EngineOpener, type EngineOpeners } from "./engine-choice.ts";

const works =
  (kind: "xdp" | "model"): EngineOpener =>
  async () =>
    ok(new TableEngine(kind));
const fails =
  (text: string): EngineOpener =>
  async () =>
    fail({ kind: "unavailable", text });

function choose(engine: EngineChoice, openers: Pick<EngineOpeners, "xdp" | "model">) {
  const settings: GlobalSettings = { engine, attach: "auto", connectionsMax: 10 };
  return chooseEngine(settings, {
    ...openers,
    hasPinned: () => false,
    removePinned: () => undefined,
  });
}

test("auto takes xdp where BPF works", async () => {
  const chosen = await choose("auto", { xdp: works("xdp"), model: works("model") });
  assert.equal(chosen.ok && chosen.value.engine.kind, "xdp");
});

test("auto takes the model elsewhere, and says what was wrong with xdp", async () => {
  const chosen = await choose("auto", { xdp: fails("bpf(2): EPERM"), model: works("model") });
  assert.ok(chosen.ok);
  assert.equal(chosen.value.engine.kind, "model");
  assert.match(chosen.value.reason, /xdp does not work here \(bpf\(2\): EPERM\)/);
});

test("auto without any engine names both reasons", async () => {
  const chosen = await choose("auto", { xdp: fails("no BPF"), model: fails("no CAP_NET_RAW") });
  assert.match(chosen.ok ? "" : chosen.fault.text, /no BPF.*no CAP_NET_RAW/);
});

test("what is asked for by name is not replaced by something else", async () => {
  const chosen = await choose("xdp", { xdp: fails("no BPF"), model: works("model") });
  assert.equal(chosen.ok ? "" : chosen.fault.text, "no BPF");
});

test("ipvs is refused in so many words", async () => {
  const chosen = await choose("ipvs", { xdp: works("xdp"), model: works("model") });
  assert.match(chosen.ok ? "" : chosen.fault.text, /cannot drive the kernel's IPVS yet/);
});
