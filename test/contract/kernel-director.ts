// The kernel's IPVS as a director for stories about schedulers, with a firewall that sets the marks. For
// a guest whose interfaces are nobody else's.

import { execFileSync } from "node:child_process";
import type { BalancerEngine } from "../../src/world/engine.ts";
import { ipvsUnderTest, prepareDirector, removeDirector } from "./ipvs-under-test.ts";
import { type Director, markedAddresses } from "./scheduler-stories.ts";

/** A director whose table `engine` writes; `close` takes everything away. */
export async function openKernelDirector(
  engine: BalancerEngine,
): Promise<Director & { close(): Promise<void> }> {
  prepareDirector(["10.1.0.100/32", ...markedAddresses.map((address) => `${address}/32`)]);
  nft("add table ip marks");
  nft("add chain ip marks incoming { type filter hook prerouting priority -150 ; }");
  const played = await ipvsUnderTest();
  return {
    async apply(operation) {
      if (operation.kind === "add-service" && operation.service.key.kind === "fwmark")
        setMark(operation.service.key.fwmark);
      const done = await engine.apply(operation);
      if (!done.ok) throw new Error(done.fault.text);
    },
    handle: (frame) => played.handle(frame),
    async close() {
      await played.close();
      removeDirector();
      nft("delete table ip marks");
    },
  };
}

function setMark(mark: number): void {
  nft("flush chain ip marks incoming");
  const addresses = `${markedAddresses[0]}-${markedAddresses.at(-1)}`;
  nft(`add rule ip marks incoming ip daddr ${addresses} meta mark set ${mark}`);
}

function nft(line: string): void {
  execFileSync("nft", line.split(" "), { stdio: ["ignore", "ignore", "pipe"] });
}
