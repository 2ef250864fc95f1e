// Sends Ethernet frames, one hexadecimal line of standard input each, out of an interface.
// Usage: send-frames INTERFACE

import { readFileSync } from "node:fs";
import { fromHex } from "../../src/base/bytes.ts";
import { loadSyscalls } from "../../src/linux/ffi/syscalls.ts";
import { openVrrpNetwork } from "../../src/linux/vrrp-sockets.ts";

const syscalls = loadSyscalls();
const network = openVrrpNetwork(syscalls);
const ifindex = syscalls.ifNameToIndex(process.argv[2] ?? "");
for (const line of readFileSync(0, "utf8").split("\n")) {
  if (line === "") continue;
  const sent = network.sendFrame(ifindex, fromHex(line));
  if (!sent.ok) throw new Error(sent.fault.text);
}
process.exit(0);
