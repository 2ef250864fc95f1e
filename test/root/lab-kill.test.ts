import assert from "node:assert/strict";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { PassThrough } from "node:stream";
import { test } from "node:test";
import { setTimeout as delay } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { keelson } from "../../src/lab/director.ts";
import type { Host } from "../../src/lab/host.ts";
import { Lab } from "../../src/lab/lab.ts";
import type { LabProcess } from "../../src/lab/lab-process.ts";
import { type Scenario, Stage } from "../../src/lab/stage.ts";
import { directRouting } from "../../src/lab/stories/direct-routing.ts";
import { nat } from "../../src/lab/stories/nat.ts";
import { Story } from "../../src/lab/story.ts";
import { Terminal } from "../../src/lab/terminal.ts";
import { waitFor } from "../../src/lab/waiting.ts";

const isRoot = process.getuid?.() === 0;
const connections = 1000;
/** Beyond the delays of a loaded machine; a connection without a way would stall for good. */
const stallMs = 3000;

interface EchoState {
  readonly connected: number;
  readonly endings: Readonly<Record<string, number>>;
  readonly longestWaitMs: number;
  /** Of the connection that had the fewest, since the last look. */
  readonly fewestAnswers: number;
}

function helper(name: string): string {
  return fileURLToPath(new URL(`./${name}.js`, import.meta.url));
}

class EchoClient {
  readonly #process: LabProcess;
  readonly #lines: NodeJS.EventEmitter;

  constructor(process: LabProcess) {
    this.#process = process;
    assert.ok(process.stdout !== null);
    this.#lines = createInterface({ input: process.stdout });
  }

  static async start(host: Host, target: string): Promise<EchoClient> {
    const argv = [process.execPath, helper("lab-echo-client"), target, String(connections)];
    return new EchoClient(await host.start(argv, { input: "pipe" }));
  }

  async look(): Promise<EchoState> {
    const answer = once(this.#lines, "line");
    this.#process.stdin?.write("\n");
    const [line] = (await answer) as [string];
    return JSON.parse(line) as EchoState;
  }
}

async function startEcho(host: Host): Promise<void> {
  const server = await host.start([process.execPath, helper("lab-echo-server")]);
  await waitFor(() => server.output.includes("ready") || undefined, { timeoutMs: 20_000 });
}

const cases: readonly { scenario: Scenario; vip: string; servers: readonly string[] }[] = [
  { scenario: directRouting, vip: "193.168.140.80", servers: ["web1", "web2"] },
  { scenario: nat, vip: "193.168.140.80", servers: ["web1", "web2", "web3", "web4"] },
];

for (const { scenario, vip, servers } of cases)
  test(`${connections} connections of examples/${scenario.name} outlive kill -9 of all Keelson processes`, async (t) => {
    if (!isRoot) return t.skip("needs root");
    const lab = await Lab.build(scenario.topology);
    t.after(() => lab.close());
    const story = new Story(new Terminal(new PassThrough().resume()));
    const stage = new Stage({ lab, story, program: keelson, topology: scenario.topology });
    for (const name of servers) await startEcho(lab.host(name));
    const lb1 = stage.director("lb1", `${scenario.name}/lb1.conf`);
    const lb2 = stage.director("lb2", `${scenario.name}/lb2.conf`);
    await lb1.start();
    await lb2.start();
    assert.ok(await stage.waitForMaster(lb1, vip), lb1.process?.output);
    for (const name of servers)
      assert.ok(await stage.waitForHealth(lb1, name, "up"), `${name} is up`);

    const client = await EchoClient.start(lab.host("client"), vip);
    const all = await waitFor(
      async () => {
        const state = await client.look();
        return (state.connected === connections && state.fewestAnswers > 0) || undefined;
      },
      { timeoutMs: 60_000, everyMs: 1000 },
    );
    assert.ok(all, `all connections talk: ${JSON.stringify(await client.look())}`);

    await Promise.all([lb1.kill(), lb2.kill()]);
    await client.look();
    await delay(5000);
    const dead = await client.look();
    assert.deepEqual(dead.endings, {}, "none is reset while no process of Keelson lives");
    assert.ok(dead.fewestAnswers > 0 && dead.longestWaitMs < stallMs, JSON.stringify(dead));

    // The lease has taken the address away meanwhile; a start sets it again.
    await lb1.start();
    assert.ok(await stage.waitForMaster(lb1, vip), lb1.process?.output);
    await lb2.start();
    await delay(3000);
    assert.doesNotMatch(lb1.process?.output ?? "", /data plane: (add|remove|change)/);
    const adopted = await client.look();
    assert.deepEqual(adopted.endings, {}, "none is reset when Keelson starts again");
    assert.ok(
      adopted.fewestAnswers > 0 && adopted.longestWaitMs < stallMs,
      JSON.stringify(adopted),
    );
    const status = await lb1.status();
    const counted = status?.virtualServers
      .flatMap((server) => server.realServers)
      .reduce((total, real) => total + real.activeConnections, 0);
    assert.equal(counted, connections, "the connection table is the one from before");
    return undefined;
  });
