// The model engine with real TCP and UDP, offloads of the virtual links left as they are: as root,
// and as an ordinary user in a user namespace, which is what the engine is for.

import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { before, describe, test } from "node:test";
import { fileURLToPath } from "node:url";
import { largeLength, type StageReport } from "./model-engine-stage.ts";

const stage = fileURLToPath(new URL("./model-engine-stage.js", import.meta.url));
const isRoot = process.getuid?.() === 0;
const namespaces = ["-nm", "--pid", "--fork", "--kill-child", "--mount-proc"];
const asNobody = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"];

interface Way {
  readonly name: string;
  readonly prefix: readonly string[];
}

const ways: readonly Way[] = [
  { name: "as root", prefix: ["unshare", ...namespaces] },
  {
    name: "without privileges, in a user namespace",
    prefix: [...(isRoot ? asNobody : []), "unshare", "-Ur", ...namespaces],
  },
];

/** Why this way cannot be gone here; undefined when it can. */
function obstacle({ prefix }: Way): string | undefined {
  const [program = "", ...args] = prefix;
  const script = 'process.exit(require("node:fs").existsSync(process.argv[1]) ? 0 : 1)';
  const tried = spawnSync(program, [...args, process.execPath, "-e", script, stage]);
  if (tried.status === 0) return undefined;
  if (tried.status === 1 && tried.stderr.length === 0)
    return "the compiled tests cannot be read without privileges";
  return `namespaces are not permitted: ${tried.stderr.toString().trim().split("\n")[0]}`;
}

function playStage({ prefix }: Way): Promise<StageReport> {
  const [program = "", ...args] = prefix;
  const child = spawn(program, [...args, process.execPath, stage, "direct"]);
  return new Promise((resolve, reject) => {
    let output = "";
    let errors = "";
    child.stdout.on("data", (part: Buffer) => {
      output += part.toString();
    });
    child.stderr.on("data", (part: Buffer) => {
      errors += part.toString();
    });
    const deadline = setTimeout(() => child.kill("SIGKILL"), 180_000);
    child.on("close", (code) => {
      clearTimeout(deadline);
      if (code === 0) resolve(JSON.parse(output) as StageReport);
      else reject(new Error(`the stage ended with ${code}: ${errors}`));
    });
  });
}

for (const way of ways) {
  const missing = way.name === "as root" && !isRoot ? "needs root" : obstacle(way);
  describe(`the model engine ${way.name}`, { skip: missing ?? false }, () => {
    let report: StageReport;

    before(async () => {
      report = await playStage(way);
    });

    test("spreads clients over real servers by direct routing", () => {
      assert.deepEqual(report.dr.answers, ["rs2", "rs1", "rs2", "rs1"]);
    });

    test("spreads clients over real servers by NAT, TCP and UDP", () => {
      assert.deepEqual(report.nat.answers, ["rs2", "rs1", "rs2", "rs1"]);
      assert.deepEqual(report.natUdp, ["rs2", "rs1"]);
    });

    test("carries megabytes in both directions unharmed, checksums and large packets offloaded", () => {
      const { dr, nat } = report;
      assert.deepEqual([dr.downloadRight, dr.uploadRight], [true, true], "by direct routing");
      assert.deepEqual([nat.downloadRight, nat.uploadRight], [true, true], "by NAT");
    });

    test("counts both directions of NAT and the client's one of direct routing", () => {
      const [dr, nat, udp] = report.statistics.map((service) => service.counters);
      assert.equal(dr?.connections, 6);
      assert.equal(dr?.outPackets, 0);
      assert.ok((dr?.inBytes ?? 0) > largeLength, "the upload went through");
      assert.ok((nat?.inBytes ?? 0) > largeLength, "the upload went through");
      assert.ok((nat?.outBytes ?? 0) > largeLength, "the download came back through");
      assert.ok((udp?.outPackets ?? 0) >= 2);
    });

    test("refuses clients at once when no real server takes connections", () => {
      assert.equal(report.refused, "ECONNREFUSED");
    });

    test("hands clients to the director's own server when that is the destination", () => {
      assert.equal(report.sorry, "director");
    });

    test("leaves alone what is not balanced: checks of real servers, and clients that name one", () => {
      assert.equal(report.direct, "rs1");
      assert.equal(report.routed, "rs2");
    });

    test("says that it forwards only while it lives, and finds nothing wrong", () => {
      assert.deepEqual(report.log, ["the model data plane forwards only while this process lives"]);
      assert.deepEqual(report.findings, []);
      assert.deepEqual(report.interfaces, ["d0 (packet socket)", "d1 (packet socket)"]);
    });

    test("puts back its silence when somebody deletes it, and says so", () => {
      assert.deepEqual(report.findingsAfterDeletion, ["the nft table inet keelson_model is gone"]);
      assert.equal(report.repaired, "director");
    });
  });
}
