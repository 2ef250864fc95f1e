// The life of one director: start, reload, death of either process, repair, stop. Each test goes on
// from where the one before it ended.

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import type { LabProcess } from "../../src/lab/lab-process.ts";
import type { DirectorStatus } from "../../src/model/status.ts";
import { mapSchemaVersion } from "../../src/wire/maps/schema.ts";
import {
  configFile,
  DirectorStage,
  kernelHasIpvs,
  onlyInstance,
  serving,
  siteConfiguration,
  until,
  vip,
  whyNot,
} from "./director-stage.ts";

const skip = whyNot();
const bothServers = ["193.168.140.152", "193.168.140.224"];
const pins = "/sys/fs/bpf/keelson";

describe("the life of a director", { skip: skip ?? false }, () => {
  let stage: DirectorStage;
  let director: LabProcess;
  let secondServer: LabProcess;

  before(async () => {
    stage = await DirectorStage.build();
    await stage.serve("rs1");
    secondServer = await stage.serve("rs2");
  });
  after(() => stage?.lab.close());

  const settled = (status: DirectorStatus): boolean =>
    onlyInstance(status).state === "MASTER" &&
    status.virtualServers.every((one) => one.realServers.every((server) => server.health === "up"));

  test("a file with an error stops the start: where, why, and nothing is changed", async () => {
    const addresses = await stage.host.shell("ip address");
    stage.host.writeFile(
      configFile,
      `${siteConfiguration()}\nvrrp_instance VI_2 {\n  interface ens4\n  virtual_router_id 300\n}\n`,
    );
    const { code, output } = await stage.ask("run", "-f", configFile);
    assert.equal(code, 1);
    assert.match(output, /keelson\.conf:\d+:\d+: /, "names the place");
    assert.match(output, /virtual_router_id 300/, "names the reason");
    assert.equal(await stage.host.shell("ip address"), addresses);
    assert.equal((await stage.host.run(["test", "-e", "/run/keelson"])).code, 1);
    assert.equal((await stage.host.run(["test", "-e", pins])).code, 1);
  });

  test("a dry run prints the plan and changes nothing", async () => {
    stage.host.writeFile(configFile, siteConfiguration());
    const { code, output } = await stage.ask("run", "-f", configFile, "--dry-run");
    assert.equal(code, 0);
    assert.match(output, /when MASTER, add 193\.168\.140\.80\/32 on ens4/);
    assert.match(output, /add 193\.168\.140\.152:80 DR weight 10 to TCP 193\.168\.140\.80:80/);
    assert.equal((await stage.host.run(["test", "-e", "/run/keelson"])).code, 1);
  });

  test("an engine that the kernel lacks stops the start: which, why, and nothing is changed", async (t) => {
    if (await kernelHasIpvs(stage.host)) return t.skip("this kernel has IPVS");
    const addresses = await stage.host.shell("ip address");
    stage.host.writeFile(configFile, siteConfiguration("global_defs {\n lb_engine ipvs\n}"));
    const { code, output } = await stage.ask("run", "-f", configFile);
    assert.equal(code, 1);
    assert.match(output, /no data plane: lb_engine ipvs: .*ip_vs cannot be loaded/);
    assert.equal(await stage.host.shell("ip address"), addresses);
    assert.doesNotMatch(await stage.host.shell("ls -A /run/keelson"), /sock|ipvs|drains/);
    assert.doesNotMatch(await stage.host.shell("ps -eo args"), /vrrp-main|keelson run/);
    assert.equal((await stage.host.run(["test", "-e", pins])).code, 1);
    assert.equal((await stage.ask("status")).code, 3);
    stage.host.writeFile(configFile, siteConfiguration());
  });

  test("it becomes MASTER, holds the address, and serves with every real server", async () => {
    director = await stage.run();
    const status = await stage.untilStatus(settled, "MASTER with healthy servers");
    assert.equal(status.engine.kind, "xdp");
    assert.equal(status.engine.events?.["stateless"], 0);
    assert.deepEqual(serving(status), bothServers);
    assert.equal(await stage.holdsVip(), true);
    const page = await stage.ask("status");
    assert.equal(page.code, 0);
    assert.match(page.output, /VI_1 +MASTER/);
    assert.match(page.output, /193\.168\.140\.224:80 +10 +up/);
  });

  test("a second director on the same run directory is refused", async () => {
    const { code, output } = await stage.ask("run", "-f", configFile);
    assert.equal(code, 1);
    assert.match(output, /another director runs/);
    assert.equal(await stage.holdsVip(), true);
  });

  // The lease of the address is renewed all the time; it must never go.
  const goneOrNew = new RegExp(`Deleted .*${vip}`);

  test("a reload of an unchanged file causes no event at all", async () => {
    const earlier = await stage.untilStatus(settled, "settled");
    const monitor = await stage.watchAddresses();
    const { code, output } = await stage.ask("reload");
    assert.equal(code, 0);
    assert.match(output, /nothing changed/);
    const later = await stage.untilStatus((status) => status.lastReload?.ok === true, "a reload");
    assert.deepEqual(later.operations, earlier.operations);
    assert.equal(onlyInstance(later).sinceMs, onlyInstance(earlier).sinceMs);
    assert.doesNotMatch(monitor.output, goneOrNew);
    await monitor.killFamily();
  });

  test("a reload of a broken file is refused, said, and causes no event at all", async () => {
    const earlier = await stage.untilStatus(settled, "settled");
    const monitor = await stage.watchAddresses();
    stage.host.writeFile(
      configFile,
      siteConfiguration().replace("virtual_router_id 51", "virtual_router_id 777"),
    );
    director.signal("SIGHUP");
    const later = await stage.untilStatus((status) => status.lastReload?.ok === false, "a refusal");
    assert.match(later.lastReload?.text ?? "", /keelson\.conf:\d+:\d+: .*virtual_router_id/);
    assert.match(director.output, /reload refused/);
    assert.deepEqual(later.operations, earlier.operations);
    assert.equal(onlyInstance(later).state, "MASTER");
    assert.doesNotMatch(monitor.output, goneOrNew);
    await monitor.killFamily();
  });

  test("a reload changes what differs, and nothing else", async () => {
    const monitor = await stage.watchAddresses();
    const changed = siteConfiguration().replaceAll("weight 10", "weight 7");
    stage.host.writeFile(configFile, changed);
    const { output } = await stage.ask("reload");
    assert.match(output, /0 VRRP changes, 2 data plane operations/);
    assert.doesNotMatch(monitor.output, goneOrNew);
    await monitor.killFamily();
    stage.host.writeFile(configFile, siteConfiguration());
    assert.equal((await stage.ask("reload")).code, 0);
  });

  test("signals without a meaning here do not kill", async () => {
    const { pid } = await stage.untilStatus(settled, "settled");
    const [sigusr1, sigusr2, exportersSignal] = [10, 12, 36];
    for (const signal of [sigusr1, sigusr2, exportersSignal])
      await stage.host.shell(`kill -${signal} ${pid}`);
    assert.ok((await stage.status()) !== undefined);
    assert.equal(director.end, undefined);
  });

  test("killing the main process alone: VRRP goes on, the next start takes over", async () => {
    const earlier = await stage.untilStatus(settled, "settled");
    const monitor = await stage.watchAddresses();
    await stage.kill(earlier.pid);
    await director.ended;
    const { code, output } = await stage.ask("status");
    assert.equal(code, 3);
    assert.match(output, /no director is running/);
    director = await stage.run();
    const later = await stage.untilStatus(settled, "settled again");
    assert.equal(later.vrrpPid, earlier.vrrpPid);
    assert.equal(onlyInstance(later).sinceMs, onlyInstance(earlier).sinceMs);
    assert.equal(later.operations?.netlink, earlier.operations?.netlink);
    assert.equal(later.operations?.dataPlane, 0);
    assert.doesNotMatch(monitor.output, goneOrNew);
    await monitor.killFamily();
  });

  test("the VRRP process is started again at once when it dies, and keeps the address", async () => {
    const earlier = await stage.untilStatus(settled, "settled");
    const monitor = await stage.watchAddresses();
    await stage.kill(earlier.vrrpPid);
    const later = await stage.untilStatus(
      (status) =>
        status.vrrpPid !== undefined && status.vrrpPid !== earlier.vrrpPid && settled(status),
      "another VRRP process as MASTER",
    );
    assert.equal(later.operations?.netlink, 0);
    assert.match(director.output, /VRRP process \d+ is gone .*: starting another/);
    assert.doesNotMatch(monitor.output, new RegExp(`Deleted.*${vip}`));
    await monitor.killFamily();
  });

  test("killing every process: the next start adopts, without one operation", async () => {
    const earlier = await stage.untilStatus(settled, "settled");
    const monitor = await stage.watchAddresses();
    await stage.kill(earlier.pid, earlier.vrrpPid);
    await director.ended;
    assert.equal(await stage.holdsVip(), true);
    director = await stage.run();
    const later = await stage.untilStatus(settled, "settled again");
    assert.deepEqual(later.operations, { dataPlane: 0, netlink: 0 });
    assert.deepEqual(later.repairs, []);
    assert.doesNotMatch(monitor.output, goneOrNew);
    await monitor.killFamily();
  });

  test("a virtual address that somebody deletes comes back, and it is told", async () => {
    await stage.host.shell(`ip address del ${vip}/32 dev ens4`);
    await until(() => stage.holdsVip(), "the address is back");
    const status = await stage.untilStatus((one) => one.repairs.length > 0, "a repair");
    assert.match(status.repairs[0]?.found ?? "", new RegExp(vip));
    assert.equal(status.repairs[0]?.ok, true);
    assert.equal(onlyInstance(status).state, "MASTER");
  });

  test("a service that somebody deletes from the pinned map comes back, and it is told", async () => {
    const map = `${pins}/v${mapSchemaVersion}/maps/services`;
    const dump = await stage.host.shell(`bpftool -j map dump pinned ${map}`);
    const [entry] = JSON.parse(dump) as { readonly key: readonly string[] }[];
    assert.ok(entry !== undefined);
    await stage.host.shell(
      `bpftool map delete pinned ${map} key hex ${entry.key.map((byte) => byte.slice(2)).join(" ")}`,
    );
    const status = await stage.untilStatus(
      (one) => one.repairs.some((repair) => repair.found.includes("gone from the data plane")),
      "a repair of the table",
    );
    assert.deepEqual(serving(status), bothServers);
    assert.equal(status.repairs[status.repairs.length - 1]?.ok, true);
    assert.match(director.output, /virtual server TCP 193\.168\.140\.80:80 was gone .*repaired/);
  });

  test("a real server that dies leaves, with the reason, and returns", async () => {
    await secondServer.killFamily();
    const without = await stage.untilStatus((one) => serving(one).length === 1, "one server left");
    assert.deepEqual(serving(without), ["193.168.140.152"]);
    const dead = without.virtualServers[0]?.realServers[1];
    assert.equal(dead?.health, "down");
    assert.match(dead?.cause.text ?? "", /refused/);
    secondServer = await stage.serve("rs2");
    await stage.untilStatus((one) => serving(one).length === 2, "both servers serve");
  });

  test("a server that was out when every process died stays out until it answers", async () => {
    await secondServer.killFamily();
    const earlier = await stage.untilStatus((one) => serving(one).length === 1, "one server left");
    await stage.kill(earlier.pid, earlier.vrrpPid);
    await director.ended;
    director = await stage.run();
    const later = await stage.untilStatus(
      (one) =>
        onlyInstance(one).state === "MASTER" &&
        one.virtualServers[0]?.realServers[1]?.health === "down",
      "found down again",
    );
    assert.deepEqual(later.operations, { dataPlane: 0, netlink: 0 });
    secondServer = await stage.serve("rs2");
    await stage.untilStatus((one) => serving(one).length === 2, "both servers serve");
  });

  test("ending with --keep leaves addresses and forwarding to the next start", async () => {
    assert.equal((await stage.ask("stop", "--keep")).code, 0);
    assert.equal((await director.ended).code, 0);
    assert.equal(await stage.holdsVip(), true);
    director = await stage.run();
    const status = await stage.untilStatus(settled, "settled");
    assert.equal(status.operations?.dataPlane, 0);
  });

  test("a stop gives the address back and leaves nothing behind", async () => {
    const { code, output } = await stage.ask("stop");
    assert.equal(code, 0, output);
    assert.equal((await director.ended).code, 0);
    assert.equal(await stage.holdsVip(), false);
    assert.equal((await stage.host.run(["test", "-e", pins])).code, 1);
    const processes = await stage.host.shell("ps -eo args");
    assert.doesNotMatch(processes, /vrrp-main|keelson run/);
    assert.equal((await stage.host.shell("ls /run/keelson")).trim(), "vrrp.log");
    assert.doesNotMatch(await stage.host.shell("tc filter show dev ens4 ingress"), /keelson/);
  });
});
