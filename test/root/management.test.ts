// SNMP and D-Bus of a running director, with the real agent, trap receiver, bus and clients of Debian.

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import type { LabProcess } from "../../src/lab/lab-process.ts";
import { ManagementStage, managedConfiguration, until } from "./management-stage.ts";

const skip = process.getuid?.() === 0 ? false : "needs root";
const keepalived = ".1.3.6.1.4.1.9586.100.5";
const names = `${keepalived}.2.3.1.2`;
const states = `${keepalived}.2.3.1.4`;
const instance = "/Instance/eth0/51/IPv4";
const properties = "org.freedesktop.DBus.Properties";
const own = "org.keepalived.Vrrp1.Instance";

describe("SNMP and D-Bus of a director", { skip }, () => {
  let stage: ManagementStage;
  let agent: LabProcess;
  let bus: LabProcess;
  let traps: LabProcess;
  let director: LabProcess;
  let signals: LabProcess;

  before(async () => {
    stage = await ManagementStage.build();
    traps = await stage.trapReceiver();
    bus = await stage.bus();
    signals = await stage.signals();
  });
  after(() => stage?.lab.close());

  const serves = async (): Promise<boolean> =>
    (await stage.snmp("snmpget", `${names}.1`)).includes("VI_1");

  test("a director starts without a master agent, and serves when there is one", async () => {
    director = await stage.director();
    await until(() => director.output.includes("no master agent at unix:/run/snmp/agentx"), "says");
    agent = await stage.masterAgent();
    await until(serves, "serves");
  });

  test("snmpget finds an object, and says what is missing", async () => {
    const answer = await stage.snmp("snmpget", `${names}.2`, `${names}.3`, `${keepalived}.9.9.0`);
    const [found, instanceMissing, objectMissing] = answer.trim().split("\n");
    assert.equal(found, `${names}.2 = STRING: "VI_2"`);
    assert.match(instanceMissing ?? "", /No Such Instance/);
    assert.match(objectMissing ?? "", /No Such Object/);
  });

  test("a walk in steps and walks in bulks of any size see the same, in order and once", async () => {
    await until(
      async () => /: 2\n.*: 2\n/.test(await stage.snmp("snmpwalk", states)),
      "both are MASTER",
    );
    // Counters and times of two walks differ.
    const still = (text: string): string =>
      text.replaceAll(/(Counter\d+|Gauge32|Timeticks): .*/g, "$1");
    const walked = still(await stage.snmp("snmpwalk", keepalived));
    const oids = [...walked.matchAll(/^(\.[\d.]+) =/gm)].map(([, oid]) => oid);
    assert.ok(oids.length > 150, `${oids.length} objects`);
    assert.equal(new Set(oids).size, oids.length);
    for (const size of [1, 10, 100]) {
      const bulk = await stage.snmp("snmpbulkwalk", `-Cr${size}`, keepalived);
      assert.equal(still(bulk), walked, `bulks of ${size}`);
    }
  });

  test("the MIBs of both RFCs are there, and what follows them is not ours", async () => {
    const second = await stage.snmp("snmpwalk", ".1.3.6.1.2.1.68.1.3.1.3");
    assert.match(second, /^\.1\.3\.6\.1\.2\.1\.68\.1\.3\.1\.3\.\d+\.51 = INTEGER: 3\n$/);
    const third = await stage.snmp("snmpwalk", ".1.3.6.1.2.1.207.1.1.1.1.6");
    assert.match(third, /\.51\.1 = INTEGER: 3\n.*\.52\.1 = INTEGER: 3\n$/);
    const behind = await stage.snmp("snmpgetnext", ".1.3.6.1.2.1.207.9");
    assert.doesNotMatch(behind, /\.1\.3\.6\.1\.2\.1\.207/);
  });

  test("nothing can be written", async () => {
    const answer = await stage.snmpset(`${keepalived}.2.3.1.7.1`, "i", "5");
    assert.match(answer, /notWritable/);
    assert.match(await stage.snmp("snmpget", `${keepalived}.2.3.1.7.1`), /INTEGER: 100/);
  });

  test("changes of states and of real servers arrive as traps", async () => {
    const state = (name: string, number: number): RegExp =>
      new RegExp(`${keepalived}.2.3.1.2 = STRING: "${name}".*3.1.4 = INTEGER: ${number}\\b`);
    await until(() => state("VI_1", 2).test(traps.output), "VI_1 has become MASTER");
    assert.match(traps.output, /OID: \.1\.3\.6\.1\.2\.1\.68\.0\.1/, "vrrpTrapNewMaster");
    assert.match(traps.output, /OID: \.1\.3\.6\.1\.2\.1\.207\.0\.1/, "vrrpv3NewMaster");
    const server = new RegExp(`OID: ${keepalived}.3.5.0.1.*3.4.1.6 = INTEGER: 2`);
    await until(() => server.test(traps.output), "the real server is down");
  });

  test("a master agent that restarts is served again", async () => {
    agent.signal("SIGTERM");
    await agent.ended;
    agent = await stage.masterAgent();
    await until(serves, "serves");
  });

  test("anybody may look at an instance over D-Bus", async () => {
    const state = await stage.callAsNobody(
      instance,
      `${properties}.Get`,
      `string:${own}`,
      "string:State",
    );
    assert.match(state, /uint32 2\s+string "Master"/);
    const found = await stage.callAsNobody("", "org.freedesktop.DBus.Introspectable.Introspect");
    assert.match(found, /node name="Instance"/);
  });

  test("nobody but root may do more, and not even root may set a property", async () => {
    const denied = /org.freedesktop.DBus.Error.AccessDenied/;
    const reload = "org.keepalived.Vrrp1.Vrrp.ReloadConfig";
    assert.match(await stage.callAsNobody("/Vrrp", reload), denied);
    assert.match(await stage.callAsNobody(instance, `${own}.SendGarp`), denied);
    const set = [
      `${properties}.Set`,
      `string:${own}`,
      "string:Name",
      "variant:string:zap",
    ] as const;
    assert.match(await stage.callAsNobody(instance, ...set), denied);
    assert.match(await stage.call(instance, ...set), /Property “Name” is not writable/);
  });

  test("signals tell states and reloads", async () => {
    assert.match(signals.output, /Vrrp1\.Vrrp; member=VrrpStarted/);
    const master = /eth0\/51\/IPv4; .*member=VrrpStatusChange\n\s+uint32 2/;
    await until(() => master.test(signals.output), "VI_1 has become MASTER");
    const answer = await stage.call("/Vrrp", "org.keepalived.Vrrp1.Vrrp.ReloadConfig");
    assert.match(answer, /method return/);
    await until(() => signals.output.includes("member=VrrpReloaded"), "reloaded");
  });

  test("a refused reload says why, and the director goes on", async () => {
    stage.configure(managedConfiguration().replace("router_id 51", "router_id 300"));
    const answer = await stage.call("/Vrrp", "org.keepalived.Vrrp1.Vrrp.ReloadConfig");
    assert.match(answer, /org.freedesktop.DBus.Error.Failed: .*virtual_router_id 300/);
    stage.configure(managedConfiguration());
    assert.ok(await serves());
  });

  test("SendGarp announces the addresses of a MASTER", async () => {
    const sniffer = await stage.lab
      .host("rs")
      .start(["tcpdump", "-nli", "eth0", "arp", "and", "src", "10.9.0.100"]);
    await until(() => sniffer.output.includes("listening"), "the sniffer listens");
    const announced = (): number => sniffer.output.split("Request who-has 10.9.0.100").length;
    const before = announced();
    assert.match(await stage.call(instance, `${own}.SendGarp`), /method return/);
    await until(() => announced() > before, "announced");
    sniffer.signal("SIGTERM");
  });

  test("the files of PrintData and PrintStats are written", async () => {
    assert.match(
      await stage.call("/Vrrp", "org.keepalived.Vrrp1.Vrrp.PrintStats"),
      /method return/,
    );
    assert.match(await stage.host.shell("cat /tmp/keepalived.stats"), /VRRP Instance: VI_1/);
    assert.match(await stage.call("/Vrrp", "org.keepalived.Vrrp1.Vrrp.PrintData"), /method return/);
    assert.match(await stage.host.shell("cat /tmp/keepalived.data"), /VI_2/);
  });

  test("a bus that restarts is served again; one that allows everything does not open what acts", async () => {
    bus.signal("SIGTERM");
    await bus.ended;
    bus = await stage.bus(true);
    signals = await stage.signals();
    const answers = async (): Promise<boolean> =>
      (await stage.call(instance, `${properties}.GetAll`, `string:${own}`)).includes("VI_1");
    await until(answers, "serves");
    const answer = await stage.callAsNobody("/Vrrp", "org.keepalived.Vrrp1.Vrrp.ReloadConfig");
    assert.match(answer, /AccessDenied.*user 65534 may not do this/);
  });

  test("a reload that takes SNMP and D-Bus away ends them, and one that brings them starts them", async () => {
    stage.configure(managedConfiguration().replace(/enable_\w+/g, ""));
    director.signal("SIGHUP");
    await until(async () => !(await serves()), "SNMP ends");
    const ping = (): Promise<string> => stage.call("/Vrrp", "org.freedesktop.DBus.Peer.Ping");
    await until(async () => (await ping()).includes("ServiceUnknown"), "D-Bus ends");
    stage.configure(managedConfiguration());
    director.signal("SIGHUP");
    await until(serves, "serves again");
  });

  test("the end of a director is told to both", async () => {
    await until(
      async () => (await stage.call("/Vrrp", "org.freedesktop.DBus.Peer.Ping")).includes("return"),
      "serves",
    );
    director.signal("SIGTERM");
    await director.ended;
    const shutdown = new RegExp(`"VI_1".*${keepalived}.2.3.1.4 = INTEGER: 5`);
    await until(() => shutdown.test(traps.output), "a trap tells it");
    await until(() => signals.output.includes("member=VrrpStopped"), "a signal tells it");
    assert.match(signals.output, /eth0\/51\/IPv4; .*member=VrrpStatusChange\n\s+uint32 98/);
  });
});
