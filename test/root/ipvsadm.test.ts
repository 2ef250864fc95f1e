// `keelson ipvsadm` beside a director of our own data plane: while it runs, when it has left its data plane forwarding, and
// when another one has started.

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import type { LabProcess } from "../../src/lab/lab-process.ts";
import { DirectorStage, until, vip, whyNot } from "./director-stage.ts";

const skip = whyNot();

describe("ipvsadm beside a director", { skip: skip ?? false }, () => {
  let stage: DirectorStage;
  let director: LabProcess;

  before(async () => {
    stage = await DirectorStage.build();
    await stage.serve("rs1");
    await stage.serve("rs2");
    director = await stage.run();
  });
  after(() => stage?.lab.close());

  const list = async (...words: readonly string[]): Promise<string> => {
    const { code, output } = await stage.ask("ipvsadm", ...words);
    assert.equal(code, 0, output);
    return output;
  };
  const isListed = (text: string): Promise<void> =>
    until(async () => (await list("-Sn")).includes(text), `${text} is listed`);

  test("the configured services are listed as ipvsadm lists them", async () => {
    await isListed("193.168.140.224:80");
    const lines = (await list("-Ln")).trimEnd().split("\n");
    assert.equal(lines[0], "IP Virtual Server version 1.2.1 (size=4096)");
    assert.deepEqual(lines.slice(1, 4), [
      "Prot LocalAddress:Port Scheduler Flags",
      "  -> RemoteAddress:Port           Forward Weight ActiveConn InActConn",
      `TCP  ${vip}:80 rr`,
    ]);
    assert.equal(lines.filter((line) => /:80 +Route {3}10 /.test(line)).length, 2);
    assert.match(await list("-Ln", "--stats"), /Conns {3}InPkts/);
    assert.match(await list("-L", "--timeout"), /^Timeout \(tcp tcpfin udp\): \d+ \d+ \d+\n$/);
  });

  test("what is added by hand stays, and is no repair", async () => {
    await list("-A", "-t", "193.168.140.81:80", "-s", "wlc");
    await list("-a", "-t", "193.168.140.81:80", "-r", "193.168.140.152:80", "-g", "-w", "3");
    // Two comparisons of the director lie in between.
    await new Promise((resolve) => setTimeout(resolve, 1500));
    assert.match(
      await list("-Sn"),
      /-a -t 193\.168\.140\.81:80 -r 193\.168\.140\.152:80 -g -w 3\n/,
    );
    const status = await stage.status();
    assert.deepEqual(
      status?.repairs.filter(({ found }) => found.includes("193.168.140.81")),
      [],
    );
    assert.match(director.output, /193\.168\.140\.81:80: add-service, by hand/);
  });

  test("the second time it exists already, and what the configuration has is refused", async () => {
    const again = await stage.ask("ipvsadm", "-A", "-t", "193.168.140.81:80");
    assert.deepEqual([again.code, again.output], [255, "Service already exists\n"]);
    const server = "193.168.140.152:80";
    const edit = await stage.ask("ipvsadm", "-e", "-t", `${vip}:80`, "-r", server, "-w", "0");
    assert.equal(edit.code, 255);
    assert.match(edit.output, /is the director's.*change its configuration/);
  });

  test("what a director has left is listed without one, and what is added then is known to the next", async () => {
    const before = await list("-Sn");
    await stage.ask("stop", "--keep");
    await director.ended;
    assert.equal(await list("-Sn"), before);
    await list("-A", "-u", "193.168.140.81:53", "-s", "rr");
    director = await stage.run();
    await new Promise((resolve) => setTimeout(resolve, 1500));
    const after = await list("-Sn");
    assert.match(after, /-A -u 193\.168\.140\.81:53 -s rr\n/);
    for (const line of before.trimEnd().split("\n")) assert.ok(after.includes(line), line);
  });

  test("clearing leaves the configuration, and a stop leaves nothing", async () => {
    const cleared = await stage.ask("ipvsadm", "-C");
    assert.equal(cleared.code, 255);
    const left = await list("-Sn");
    assert.ok(left.includes(`-A -t ${vip}:80`) && !left.includes("193.168.140.81"), left);
    await stage.ask("stop");
    await director.ended;
    const nothing = await stage.ask("ipvsadm", "-Ln");
    // A host whose kernel has IPVS shows that one's table.
    if (nothing.code === 2) assert.match(nothing.output, /^Can't initialize ipvs: /);
    else assert.ok(nothing.code === 0 && !nothing.output.includes(vip), nothing.output);
  });
});
