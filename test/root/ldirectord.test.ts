// A director that runs an ldirectord.cf as it is: the example of the repository, with traffic and with a server that
// dies. The host has the address from elsewhere, as it has beside ldirectord.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { Director, keelson } from "../../src/lab/director.ts";
import { Lab } from "../../src/lab/lab.ts";
import { examplesDirectory } from "../../src/lab/stage.ts";
import { Traffic } from "../../src/lab/traffic.ts";
import { monotonicMs, waitFor } from "../../src/lab/waiting.ts";
import { killWebServer, pageSite, startWebServer } from "../../src/lab/web-server.ts";
import type { DirectorStatus } from "../../src/model/status.ts";

const vip = "192.168.2.188";
const patienceMs = 30_000;
const pages = ["Test Page of web1", "Test Page of web2"] as const;
const example = readFileSync(join(examplesDirectory, "ldirectord-dr/ldirectord.cf"), "utf8");

const plan = (name: string, ...addresses: readonly string[]) => ({
  name,
  interfaces: [{ name: "ens4", network: "lan", addresses }],
});

/** Weights in the table, by address; a server that is out has none. */
function weightsOf(status: DirectorStatus): Readonly<Record<string, number | undefined>> {
  const servers = status.virtualServers.flatMap(({ realServers }) => realServers);
  return Object.fromEntries(servers.map(({ address, weight }) => [address, weight]));
}

describe("an ldirectord.cf runs as it is", {
  skip: process.getuid?.() === 0 ? false : "needs root",
}, () => {
  let lab: Lab;
  let director: Director;
  let traffic: Traffic;

  async function untilWeights(web1: number | undefined, web2: number | undefined): Promise<void> {
    let last: DirectorStatus | undefined;
    const found = await waitFor(
      async () => {
        last = await director.status();
        if (last === undefined) return undefined;
        const weights = weightsOf(last);
        const isIt = weights["192.168.2.191"] === web1 && weights["192.168.2.192"] === web2;
        return isIt || undefined;
      },
      { timeoutMs: patienceMs },
    );
    assert.ok(
      found,
      `never ${web1} and ${web2}: ${JSON.stringify(last)}\n${director.process?.output}`,
    );
  }

  /** Answers by page, of requests sent within the next while. */
  async function answersFor(durationMs: number): Promise<ReadonlyMap<string, number>> {
    const fromMs = monotonicMs();
    await waitFor(() => monotonicMs() > fromMs + durationMs || undefined, {
      timeoutMs: patienceMs,
    });
    const { byAnswer, lost } = await traffic.summarize(fromMs);
    assert.equal(lost, 0);
    return byAnswer;
  }

  before(async () => {
    lab = await Lab.build({
      networks: ["lan"],
      hosts: [
        plan("client", "192.168.2.10/24"),
        plan("lb", "192.168.2.11/24", `${vip}/32`),
        { ...plan("web1", "192.168.2.191/24"), silentAddresses: [vip] },
        { ...plan("web2", "192.168.2.192/24"), silentAddresses: [vip] },
      ],
    });
    await startWebServer(lab.host("web1"), pageSite(pages[0]));
    await startWebServer(lab.host("web2"), pageSite(pages[1]));
    director = new Director(lab.host("lb"), keelson, "/run/site/ldirectord.cf");
    director.host.writeFile(director.configFile, example);
    await director.start();
  });

  after(() => lab.close());

  test("both servers come in with the weights of the file", async () => {
    await untilWeights(2, 3);
    assert.match(director.process?.output ?? "", /autoreload=yes/, "what is not acted on is said");
  });

  test("clients are shared by these weights", async () => {
    traffic = await Traffic.start(lab.host("client"), { target: vip });
    await waitFor(() => traffic.lastAnswer, { timeoutMs: patienceMs });
    const answers = await answersFor(2500);
    const [first, second] = pages.map((page) => answers.get(page) ?? 0);
    assert.ok(first !== undefined && second !== undefined);
    const share = first / (first + second);
    assert.ok(share > 0.33 && share < 0.47, `web1 answered ${first}, web2 ${second}`);
  });

  test("a dead server is taken out, and comes back when it answers again", async () => {
    await killWebServer(lab.host("web1"));
    await untilWeights(undefined, 3);
    assert.deepEqual([...(await answersFor(1500)).keys()], [pages[1]]);
    await startWebServer(lab.host("web1"), pageSite(pages[0]));
    await untilWeights(2, 3);
  });

  test("a reload takes what has changed, and refuses what ldirectord would refuse", async () => {
    const reload = (): Promise<{ readonly code: number | null; readonly stderr: string }> =>
      director.host.run([process.execPath, keelsonProgram(), "reload"]);
    director.host.writeFile(director.configFile, example.replace("gate 2", "gate 7"));
    assert.equal((await reload()).code, 0);
    await untilWeights(7, 3);
    director.host.writeFile(director.configFile, example.replace("gate 2", "gote 9"));
    assert.notEqual((await reload()).code, 0);
    await untilWeights(7, 3);
    const status = await director.status();
    assert.match(status?.lastReload?.text ?? "", /ldirectord\.cf:9:\d+: `gote` is no forwarding/);
  });
});

function keelsonProgram(): string {
  return keelson.command("")[0] ?? "";
}
