import assert from "node:assert/strict";
import { test } from "node:test";
import type { Model } from "../../../model/model.ts";
import { loadConfiguration } from "../../load-configuration.ts";

function modelOf(text: string): Model {
  const { configuration } = loadConfiguration({
    path: "k.conf",
    readFile: () => ({ ok: true, value: text }),
  });
  return configuration?.model ?? assert.fail("a model");
}

const instance = (lines: string): string =>
  `vrrp_instance A {\n interface eth0\n virtual_router_id 5\n${lines}\n}\n`;

const script = (lines: string): string => `vrrp_script s {\n script /bin/true\n${lines}\n}\n`;

test("reverse is read beside weights of scripts and interfaces, noreverse takes it back", () => {
  const tracked = (line: string): unknown =>
    modelOf(`${script("")}${instance(`track_script {\n${line}\n}`)}`).vrrpInstances[0]
      ?.trackedScripts;
  assert.deepEqual(tracked("s"), [{ script: "s" }]);
  assert.deepEqual(tracked("s weight 5 reverse"), [{ script: "s", weight: 5, reverse: true }]);
  assert.deepEqual(tracked("s weight 5 noreverse"), [{ script: "s", weight: 5, reverse: false }]);
  const links = modelOf(instance("track_interface {\n eth1 weight 9 reverse\n eth2\n}"));
  assert.deepEqual(links.vrrpInstances[0]?.trackedInterfaces, [
    { interface: "eth1", weight: 9, reverse: true },
    { interface: "eth2", weight: 0 },
  ]);
  assert.equal(modelOf(script("weight 3 reverse")).vrrpScripts[0]?.reverse, true);
});

test("a script's account is a user, and perhaps a group", () => {
  const of = (lines: string): unknown => {
    const { user, group } = modelOf(script(lines)).vrrpScripts[0] ?? {};
    return [user, group];
  };
  assert.deepEqual(of(""), [undefined, undefined]);
  assert.deepEqual(of("user nobody"), ["nobody", undefined]);
  assert.deepEqual(of("user nobody adm"), ["nobody", "adm"]);
});

test("param_match alone asks for a process without arguments", () => {
  const of = (lines: string): unknown => {
    const [tracker] = modelOf(`vrrp_track_process p {\n${lines}\n}\n`).trackProcesses ?? [];
    return [tracker?.process, tracker?.match, tracker?.matchesArguments];
  };
  assert.deepEqual(of("process nginx"), [["nginx"], "exact", undefined]);
  assert.deepEqual(of("process nginx -g x\nparam_match partial"), [
    ["nginx", "-g", "x"],
    "partial",
    true,
  ]);
});

test("interface_up_down_delays: the second time counts upwards, the first where there is none", () => {
  const { linkDelays } =
    modelOf("interface_up_down_delays {\n eth0 2 0.5\n eth1 1\n}\n").global.options ?? {};
  assert.deepEqual(linkDelays, [
    { interface: "eth0", downMs: 2000, upMs: 500 },
    { interface: "eth1", downMs: 1000, upMs: 1000 },
  ]);
});
