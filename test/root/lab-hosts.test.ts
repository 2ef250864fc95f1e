import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { Lab } from "../../src/lab/lab.ts";

const isRoot = process.getuid?.() === 0;
const skip = isRoot ? false : "needs root";
const keeperProgram = fileURLToPath(new URL("./lab-keeper.js", import.meta.url));
let lab: Lab;

before(async () => {
  if (!isRoot) return;
  const interfaces = (address: string) => [
    { name: "ens4", network: "lan", addresses: [`10.8.0.${address}/24`] },
  ];
  lab = await Lab.build({
    networks: ["lan"],
    hosts: [
      { name: "one", interfaces: interfaces("1") },
      { name: "two", interfaces: interfaces("2"), silentAddresses: ["10.8.0.99"] },
    ],
  });
});

after(async () => {
  if (isRoot) await lab.close();
});

test("hosts reach each other over the switch", { skip }, async () => {
  const table = await lab
    .host("one")
    .shell("bash -c 'exec 3<>/dev/tcp/10.8.0.2/9' 2>/dev/null || true; ip neighbour show 10.8.0.2");
  assert.match(table, /10\.8\.0\.2 dev ens4 lladdr /);
});

test("a silent address on lo is not answered for", { skip }, async () => {
  const table = await lab
    .host("one")
    .shell(
      "timeout 1 bash -c 'exec 3<>/dev/tcp/10.8.0.99/9' 2>/dev/null || true; ip neighbour show 10.8.0.99",
    );
  assert.doesNotMatch(table, /lladdr/);
});

test("a host has files, processes and a name of its own", { skip }, async () => {
  const one = lab.host("one");
  one.writeFile("/server/scripts/hello.sh", "#!/bin/sh\necho hello from $(hostname)\n", 0o755);
  assert.equal(await one.shell("/server/scripts/hello.sh"), "hello from one\n");
  assert.equal(existsSync("/server/scripts/hello.sh"), false);
  assert.equal((await lab.host("two").run(["ls", "/server"])).code, 2);
  const processes = await one.shell("ps -e --no-headers | wc -l");
  assert.ok(Number(processes) < 8, `sees ${processes.trim()} processes`);
});

test("killing a program takes everything that it started", { skip }, async () => {
  const one = lab.host("one");
  const program = await one.start(["sh", "-c", "setsid sleep 777 & sleep 778 & wait"]);
  const sleeping = async (): Promise<string> => one.shell("pgrep -c sleep || true");
  while ((await sleeping()).trim() !== "2");
  await program.killFamily();
  assert.equal((await sleeping()).trim(), "0");
  assert.deepEqual(program.end, { code: null, signal: "SIGKILL" });
});

test("an overlaid directory shows the new file and the old ones", { skip }, async () => {
  const two = lab.host("two");
  await two.overlay("/usr/sbin", { "keelson-lab-shim": "#!/bin/sh\necho shim\n" });
  assert.equal(
    await two.shell("keelson-lab-shim; ls /usr/sbin | grep -c '^nologin$'"),
    "shim\n1\n",
  );
});

test("an unprivileged user builds the same lab in a user namespace", { skip }, (t) => {
  const nobody = ["--reuid", "65534", "--regid", "65534", "--clear-groups"];
  const inside = ["unshare", "--user", "--map-root-user", "--net", "--mount"];
  const allowed = spawnSync("setpriv", [...nobody, ...inside, "true"]).status === 0;
  if (!allowed) return t.skip("the kernel allows no user namespaces");
  if (spawnSync("setpriv", [...nobody, "test", "-r", keeperProgram]).status !== 0)
    return t.skip("this directory is not readable for others");
  const argv = [...nobody, ...inside, process.execPath, keeperProgram];
  const printed = execFileSync("setpriv", argv, { input: "", encoding: "utf8" });
  assert.equal(JSON.parse(printed).namespaces.length, 9);
  return undefined;
});
