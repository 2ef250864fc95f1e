import assert from "node:assert/strict";
import { test } from "node:test";
import { fail } from "../base/result.ts";
import { defaultBalancerSettings } from "../model/balancer-settings.ts";
import { TableEngine } from "../simulated/table-engine.ts";
import { SettingsKeeper } from "./settings-keeper.ts";

test("a data plane of our own has what is said, and the defaults else", async () => {
  const engine = new TableEngine("xdp");
  engine.balancerSettings = { ...defaultBalancerSettings, sloppyTcp: true };
  const { changed } = await new SettingsKeeper(engine).settle({ tcpFinTimeoutS: 30 });
  assert.deepEqual(changed, ["lvs_timeouts tcpfin 30", "lvs_sloppy_tcp off"]);
  assert.deepEqual(engine.balancerSettings, { ...defaultBalancerSettings, tcpFinTimeoutS: 30 });
});

test("in the kernel's IPVS only what is said is set, and goes back when it is no longer said", async () => {
  const engine = new TableEngine("ipvs");
  const host = { ...defaultBalancerSettings, sloppyTcp: true, udpTimeoutS: 77 };
  engine.balancerSettings = host;
  const keeper = new SettingsKeeper(engine);
  await keeper.settle({ udpTimeoutS: 5, syncThreshold: 2, syncPeriod: 9 });
  assert.deepEqual(engine.balancerSettings, {
    ...host,
    udpTimeoutS: 5,
    syncThreshold: 2,
    syncPeriod: 9,
  });
  const { changed } = await keeper.settle({});
  assert.deepEqual(engine.balancerSettings, host);
  assert.deepEqual(changed, ["lvs_timeouts udp 77", "lvs_sync_threshold 3 50"]);
});

test("one setting that is refused spoils no other", async () => {
  const engine = new TableEngine("xdp");
  const configure = engine.configure.bind(engine);
  engine.configure = async (settings) =>
    settings.cacheBypass === true
      ? fail({ kind: "not-supported", text: "there are no marks" })
      : configure(settings);
  const outcome = await new SettingsKeeper(engine).settle({ cacheBypass: true, sloppyTcp: true });
  assert.deepEqual(outcome, {
    changed: ["lvs_sloppy_tcp on"],
    refused: ["lvs_cache_bypass on: there are no marks"],
  });
});
