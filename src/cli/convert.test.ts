import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { fileURLToPath } from "node:url";
import { loadAnyConfiguration } from "../conf/load-any-configuration.ts";
import type { Model } from "../model/model.ts";
import { runConvert } from "./convert.ts";

const root = fileURLToPath(new URL("../../../", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "keelson-convert-"));
after(() => rmSync(folder, { recursive: true }));

const section = `virtual=192.0.2.10:80
	# the first
	real=198.51.100.1:80 gate 3
	service=http
	receive="OK"
`;

async function convert(...args: readonly string[]): Promise<{
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
}> {
  let stdout = "";
  let stderr = "";
  const status = await runConvert(args, {
    stdout: (text) => {
      stdout += text;
    },
    stderr: (text) => {
      stderr += text;
    },
    isTty: false,
  });
  return { status, stdout, stderr };
}

function file(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

function modelOf(path: string, text = readFileSync(path, "utf8")): Model | undefined {
  return loadAnyConfiguration({
    path,
    readFile: () => ({ ok: true, value: text }),
    listFiles: () => [],
  }).model;
}

test("an ldirectord.cf becomes a keepalived.conf with its comments, and what is lost is said", async () => {
  const path = file("a.cf", `autoreload=yes\n${section}`);
  const { status, stdout, stderr } = await convert(path);
  assert.equal(status, 0);
  assert.match(stdout, /^virtual_server 192\.0\.2\.10 80 \{$/m);
  assert.match(stdout, /^ {4}# the first\n {4}real_server 198\.51\.100\.1 80 \{$/m);
  assert.match(stdout, /^# autoreload=yes: /m);
  assert.match(stderr, /a\.cf:1:12: warning\[K01\]: `autoreload=yes`/);
});

test("a file that cannot be used is not converted", async () => {
  const path = file("bad.cf", section.replace("gate", "gote"));
  const { status, stdout, stderr } = await convert(path);
  assert.deepEqual([status, stdout], [1, ""]);
  assert.match(stderr, /bad\.cf:3:23: error\[D05\]/);
});

test("the output goes to a file, a new one or one that is replaced", async () => {
  const path = file(
    "a.rules",
    "-A -t 192.0.2.1:80 -s rr\n-a -t 192.0.2.1:80 -r 198.51.100.1:80 -m -w 2\n",
  );
  const output = join(folder, "out.conf");
  assert.equal((await convert(path, "-o", output)).status, 0);
  const first = readFileSync(output, "utf8");
  assert.match(first, /virtual_server 192\.0\.2\.1 80/);
  assert.equal(statSync(output).mode & 0o007, 0, "others do not read it");
  assert.equal((await convert("--output", output, path)).status, 0);
  assert.equal(readFileSync(output, "utf8"), first);
});

test("a keepalived.conf becomes the table that it wishes", async () => {
  const { status, stdout, stderr } = await convert(join(root, "examples/ipvs-tcp/director.conf"));
  assert.equal(status, 0);
  assert.match(stdout, /^-A -t \S+:\d+ -s \w+/);
  assert.match(stderr, /a table has no checks/);
});

test("wrong usage is explained", async () => {
  assert.equal((await convert()).status, 2);
  assert.equal((await convert("a", "b")).status, 2);
  assert.equal((await convert("--to", "haproxy", "a")).status, 2);
  assert.equal((await convert(file("b.cf", section), "--to", "ldirectord")).status, 2);
  assert.equal((await convert("--help")).status, 0);
  assert.equal((await convert(join(folder, "none"))).status, 1);
});

const corpus = process.env["KEELSON_CORPUS"];
const files = [
  join(root, "examples/ldirectord-dr/ldirectord.cf"),
  ...(corpus === undefined
    ? []
    : readdirSync(join(corpus, "ldirectord")).map((name) => join(corpus, "ldirectord", name))),
];

for (const path of files)
  test(`${path.split("/").slice(-2).join("/")} and what it is converted to have the same model`, async (t) => {
    const model = modelOf(path);
    if (model === undefined) return t.skip("ldirectord refuses it too");
    const { status, stdout } = await convert(path);
    assert.equal(status, 0);
    assert.deepEqual(modelOf("converted.conf", stdout), model);
    judgeByKeepalived(stdout);
  });

const goldenFolder = join(root, "test/golden/ldirectord");
for (const name of readdirSync(goldenFolder).filter((one) => one.endsWith(".case")))
  test(`keepalived finds nothing to say about what golden/${name} is converted to`, async (t) => {
    const [text = ""] = readFileSync(join(goldenFolder, name), "utf8").split("----------\n");
    const { status, stdout } = await convert(file(name, text));
    if (status !== 0) return t.skip("the file is refused");
    return judgeByKeepalived(stdout);
  });

/** keepalived itself finds nothing to say, where it is installed and may have a network of its own. */
function judgeByKeepalived(text: string): void {
  const usable = process.getuid?.() === 0 && spawnSync("keepalived", ["--version"]).status === 0;
  if (!usable) return;
  const path = file("judged.conf", text);
  const said = execFileSync(
    "unshare",
    ["-n", "sh", "-c", `keepalived -t -f ${path} 2>&1; echo $?`],
    {
      encoding: "utf8",
    },
  );
  assert.equal(said, "0\n");
}
