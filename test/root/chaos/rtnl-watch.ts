// Says when the kernel's lock of network configuration was held by others, which holds up every router
// of the machine alike: `stall FROM-MS TO-MS`, monotonic milliseconds. Ends when its input closes.

import type { IpAddress } from "../../../src/base/address.ts";
import { loadSyscalls } from "../../../src/linux/ffi/syscalls.ts";
import { openNetlinkKernel } from "../../../src/linux/netlink-kernel.ts";

const lookEveryMs = 50;
const worthTellingMs = 50;
const syscalls = loadSyscalls();
const kernel = openNetlinkKernel(syscalls);
const fact = { address: "127.0.0.99" as IpAddress, prefixLength: 32, interface: "lo" };

setInterval(() => {
  const fromMs = syscalls.monotonicMs();
  kernel.apply({ kind: "add-address", fact });
  kernel.apply({ kind: "remove-address", fact });
  const toMs = syscalls.monotonicMs();
  if (toMs - fromMs > worthTellingMs)
    process.stdout.write(`stall ${fromMs.toFixed(0)} ${toMs.toFixed(0)}\n`);
}, lookEveryMs);
process.stdin.on("end", () => process.exit(0)).resume();
