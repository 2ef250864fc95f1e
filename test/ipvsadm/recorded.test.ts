// Every command line of the recordings, on a table of the same history: stdout, stderr and exit status must be the real
// ipvsadm's, byte for byte.

import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { type IpAddress, parseIpAddress } from "../../src/base/address.ts";
import { ok } from "../../src/base/result.ts";
import { runIpvsadm } from "../../src/ipvsadm/run-command.ts";
import { servicesOfFile } from "../../src/ipvsadm/services-file.ts";
import { KernelInMemory } from "./kernel-in-memory.ts";
import { parseRecording, type RecordedCommand } from "./recording.ts";

const folder = fileURLToPath(new URL("../../../test/ipvsadm/recorded", import.meta.url));
const services = servicesOfFile(readFileSync(join(folder, "services"), "utf8"));
const hosts = readFileSync(join(folder, "hosts"), "utf8")
  .trim()
  .split("\n")
  .map((line) => line.split(" "));

function hostAddress(name: string): IpAddress | undefined {
  const found = hosts.find(
    ([address, ...names]) => !address?.includes(":") && names.includes(name),
  );
  const parsed = parseIpAddress(found?.[0] ?? "");
  return parsed.ok ? parsed.value : undefined;
}

/** Plays all commands; gives what was different. */
async function differences(
  commands: readonly RecordedCommand[],
  salt: number,
): Promise<readonly { readonly ours: unknown; readonly real: unknown }[]> {
  const plane = new KernelInMemory(salt);
  const found: { ours: unknown; real: unknown }[] = [];
  for (const { line, words, stdin, ...real } of commands) {
    let stdout = "";
    let stderr = "";
    const status = await runIpvsadm(words, {
      openPlane: async () => ok(plane),
      names: { hostAddress, servicePort: services.portOf },
      reverseNames: async () => ({
        hostName: (address) => hosts.find(([one]) => one === address)?.[1],
        portName: services.nameOf,
      }),
      stdout: (text) => {
        stdout += text;
      },
      stderr: (text) => {
        stderr += text;
      },
      stdin: async () => stdin,
    });
    const ours = { line, stdout, stderr, status };
    const { stdout: out, stderr: err, status: code } = real;
    if (stdout !== out || stderr !== err || status !== code)
      found.push({ ours, real: { line, stdout: out, stderr: err, status: code } });
  }
  return found;
}

for (const name of readdirSync(folder).filter((one) => one.endsWith(".txt")))
  test(`${name}: stdout, stderr and exit status are the real ipvsadm's`, async () => {
    const text = readFileSync(join(folder, name), "utf8");
    const commands = parseRecording(text);
    assert.ok(commands.length > 20);
    // Where the kernel of the recording kept its services was mixed with a number of that boot.
    const salt = Number(/^# salt (\d+)$/m.exec(text)?.[1]);
    const found = await differences(commands, salt);
    const [first] = found;
    assert.deepEqual(first?.ours, first?.real, `${found.length} of ${commands.length} differ`);
  });
