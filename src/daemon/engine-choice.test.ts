import assert from "node:assert/strict";
import { test } from "node:test";
import { fail, ok } from "../base/result.ts";
import { loadConfiguration } from "../conf/load-configuration.ts";
import type { EngineChoice, GlobalSettings } from "../model/model.ts";
import type { ForwardingMethod } from "../model/virtual-server.ts";
import { TableEngine } from "../simulated/table-engine.ts";
import {
  chooseEngine,
  type EngineOpener,
  type EngineOpeners,
  refuseEngineChoice,
} from "./engine-choice.ts";

const works =
  (kind: "xdp" | "ipvs" | "model"): EngineOpener =>
  async () =>
    ok(new TableEngine(kind));
const fails =
  (text: string): EngineOpener =>
  async () =>
    fail({ kind: "unavailable", text });
const all = { xdp: works("xdp"), ipvs: works("ipvs"), model: works("model") };

function choose(engine: EngineChoice, openers: Pick<EngineOpeners, "xdp" | "ipvs" | "model">) {
  const settings: GlobalSettings = { engine, attach: "auto", connectionsMax: 10 };
  return chooseEngine(settings, { ...openers, left: () => [], remove: async () => undefined });
}

test("auto takes xdp where BPF works", async () => {
  const chosen = await choose("auto", all);
  assert.equal(chosen.ok && chosen.value.engine.kind, "xdp");
});

test("auto takes the kernel's IPVS where BPF does not work, and says what was wrong with xdp", async () => {
  const chosen = await choose("auto", { ...all, xdp: fails("bpf(2): EPERM") });
  assert.ok(chosen.ok);
  assert.equal(chosen.value.engine.kind, "ipvs");
  assert.match(chosen.value.reason, /xdp does not work here \(bpf\(2\): EPERM\)/);
});

test("auto takes the model where the kernel has neither, and says so", async () => {
  const openers = { ...all, xdp: fails("bpf(2): EPERM"), ipvs: fails("no module ip_vs") };
  const chosen = await choose("auto", openers);
  assert.ok(chosen.ok);
  assert.equal(chosen.value.engine.kind, "model");
  assert.match(chosen.value.reason, /xdp \(bpf\(2\): EPERM\) nor ipvs \(no module ip_vs\)/);
});

test("auto without any engine names all reasons", async () => {
  const openers = { xdp: fails("no BPF"), ipvs: fails("no IPVS"), model: fails("no CAP_NET_RAW") };
  const chosen = await choose("auto", openers);
  assert.match(chosen.ok ? "" : chosen.fault.text, /no BPF.*no IPVS.*no CAP_NET_RAW/);
});

test("what is asked for by name is not replaced by something else", async () => {
  for (const kind of ["xdp", "ipvs", "model"] as const) {
    const chosen = await choose(kind, { ...all, [kind]: fails("not here") });
    assert.equal(chosen.ok ? "" : chosen.fault.text, `lb_engine ${kind}: not here`);
    const other = await choose(kind, all);
    assert.equal(other.ok && other.value.engine.kind, kind);
  }
});

test("FULLNAT on the kernel's IPVS is refused before anything changes; NAT is not, nor is FULLNAT on xdp", () => {
  const refusal = (engine: EngineChoice, forwarding: ForwardingMethod): string | undefined => {
    const text = `virtual_server 192.0.2.1 80 {
  lb_kind NAT
  protocol TCP
  real_server 198.51.100.1 80 {
  }
}
`;
    const { model } = loadConfiguration({ path: "test.conf", readFile: () => ok(text) });
    assert.ok(model);
    const virtualServers = model.virtualServers.map((server) => ({
      ...server,
      realServers: server.realServers.map((real) => ({ ...real, forwarding })),
    }));
    return refuseEngineChoice({ ...model, global: { ...model.global, engine }, virtualServers });
  };
  assert.match(refusal("ipvs", "FULLNAT") ?? "", /no FULLNAT.*TCP 192\.0\.2\.1:80/);
  assert.equal(refusal("ipvs", "NAT"), undefined);
  assert.equal(refusal("xdp", "FULLNAT"), undefined);
});
