// A director where things are not as usual: another data plane, no privileges, scripts that are
// still unknown.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import {
  DirectorStage,
  onlyInstance,
  serving,
  siteConfiguration,
  whyNot,
} from "./director-stage.ts";

const skip = whyNot() ?? false;

test("the model data plane serves, is filled again after kill -9, and leaves nothing", {
  skip,
}, async (t) => {
  const stage = await DirectorStage.build();
  t.after(() => stage.lab.close());
  await stage.serve("rs1");
  const text = siteConfiguration("global_defs {\n lb_engine model\n}");
  const killed = await stage.run(text);
  const first = await stage.untilStatus((one) => serving(one).length === 1, "the dead server left");
  assert.equal(first.engine.kind, "model");
  assert.match(killed.output, /data plane: model .*the configuration asks for it/);
  await stage.kill(first.pid, first.vrrpPid);
  await killed.ended;
  const director = await stage.run(text);
  await stage.untilStatus((one) => serving(one).length === 1, "it serves again");
  assert.equal((await stage.ask("stop")).code, 0);
  assert.equal((await director.ended).code, 0);
  assert.equal((await stage.host.shell("nft list ruleset")).trim(), "");
  assert.equal(await stage.holdsVip(), false);
});

test("from one data plane to the other: the pinned one does not go on balancing", {
  skip,
}, async (t) => {
  const stage = await DirectorStage.build();
  t.after(() => stage.lab.close());
  const director = await stage.run();
  await stage.untilStatus((one) => one.engine.kind === "xdp", "the usual data plane");
  stage.host.writeFile(
    "/run/site/keelson.conf",
    siteConfiguration("global_defs {\n lb_engine model\n}"),
  );
  assert.equal((await stage.ask("reload")).code, 0);
  const status = await stage.untilStatus((one) => one.engine.kind === "model", "the other one");
  assert.deepEqual(status.repairs, []);
  assert.equal((await stage.host.run(["test", "-e", "/sys/fs/bpf/keelson"])).code, 1);
  assert.doesNotMatch(await stage.host.shell("tc filter show dev ens4 ingress"), /keelson/);
  director.signal("SIGTERM");
  assert.equal((await director.ended).code, 0);
});

test("a script with init_fail is not forgotten when the main process is started again", {
  skip,
}, async (t) => {
  const stage = await DirectorStage.build();
  t.after(() => stage.lab.close());
  const script = "vrrp_script well {\n script /bin/true\n interval 1\n init_fail\n}";
  const text = siteConfiguration(script).replace(
    "priority 100",
    "priority 100\n track_script {\n well\n }",
  );
  const killed = await stage.run(text);
  const earlier = await stage.untilStatus((one) => onlyInstance(one).state === "MASTER", "MASTER");
  await stage.kill(earlier.pid);
  await killed.ended;
  const director = await stage.run(text);
  const later = await stage.untilStatus(
    (one) => onlyInstance(one).trackers[0]?.up === true,
    "it is up",
  );
  assert.equal(onlyInstance(later).state, "MASTER");
  assert.equal(
    onlyInstance(later).sinceMs,
    onlyInstance(earlier).sinceMs,
    "never in FAULT between",
  );
  director.signal("SIGINT");
  assert.equal((await director.ended).code, 0);
});

test("where BPF is not allowed, auto takes the kernel's IPVS or the model, and says why", {
  skip,
}, async (t) => {
  const directory = mkdtempSync(join(tmpdir(), "keelson-user-"));
  t.after(() => rmSync(directory, { recursive: true }));
  writeFileSync(join(directory, "site.conf"), siteConfiguration());
  const keelson = fileURLToPath(new URL("../../../bin/keelson", import.meta.url));
  const story = `
ip link set lo up; ip link add ens4 type veth peer name other
ip link set other up; ip link set ens4 up; ip address add 193.168.140.10/24 dev ens4
"$NODE" ${keelson} run -f ${directory}/site.conf --run-dir ${directory}/run --pin-dir ${directory}/pins &
for i in $(seq 300); do
  "$NODE" ${keelson} status --json --run-dir ${directory}/run > ${directory}/status && break; sleep 0.1
done
cat ${directory}/status
"$NODE" ${keelson} stop --run-dir ${directory}/run >&2
wait`;
  const child = spawn("unshare", ["-Urnm", "sh", "-c", story], {
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...process.env, NODE: process.execPath },
  });
  let output = "";
  let errors = "";
  child.stdout.on("data", (chunk: Buffer) => {
    output += chunk.toString("utf8");
  });
  child.stderr.on("data", (chunk: Buffer) => {
    errors += chunk.toString("utf8");
  });
  await new Promise((resolve) => child.once("close", resolve));
  if (/unshare: .*(permitted|denied|space)/.test(errors)) return t.skip("no user namespaces here");
  const status = JSON.parse(output) as { engine: { kind: string; reason: string } };
  // Within a user namespace modprobe is not allowed to load anything: IPVS is there, or it is not.
  const [kind, reason] = existsSync("/proc/net/ip_vs")
    ? ["ipvs", /^xdp does not work here \(.*EPERM.*the kernel's IPVS does/]
    : ["model", /^neither xdp \(.*EPERM.*\) nor ipvs \(.*ip_vs cannot be loaded.*\) works here/];
  assert.equal(status.engine.kind, kind, errors);
  assert.match(status.engine.reason, reason);
});
