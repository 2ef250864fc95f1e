// Inside the guest: brings the kernel's IPVS to the table that Keelson wishes for each configuration of a list, all servers
// alive, and keeps what the real ipvsadm says of it. The list is that of tables-in-guest.sh.
//   node dist/test/parity/our-tables.js LIST OUT        results: OUT/NAME.ours and OUT/NAME.faults

import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { loadConfigurationFile } from "../../src/daemon/config-files.ts";
import { loadSyscalls } from "../../src/linux/ffi/syscalls.ts";
import { openIpvsEngine } from "../../src/linux/ipvs/engine.ts";
import { loadKernelModule } from "../../src/linux/ipvs/kernel-module.ts";
import { openKernelSettings } from "../../src/linux/kernel-settings.ts";
import { desiredTable } from "../../src/plan/desired-table.ts";
import { diffTable } from "../../src/plan/diff-table.ts";

const ipvsadm = (...words: readonly string[]): string =>
  execFileSync("ipvsadm", words, { encoding: "utf8" });

/** Does it for a whole list. */
export async function writeOurTables(list: string, out: string): Promise<void> {
  const opened = await openIpvsEngine({
    syscalls: loadSyscalls(),
    files: openKernelSettings(),
    loadModule: loadKernelModule,
  });
  if (!opened.ok) throw new Error(opened.fault.text);
  const engine = opened.value;
  for (const line of readFileSync(list, "utf8").trim().split("\n")) {
    const [name = "", folder = "", file = ""] = line.split("\t");
    const { model, diagnostics } = loadConfigurationFile(join(folder, file));
    const faults = diagnostics.filter(({ stops }) => stops === true).map(({ message }) => message);
    engine.flush();
    if (model !== undefined && faults.length === 0)
      for (const operation of diffTable(desiredTable(model, new Map()), { services: [] })) {
        const applied = await engine.apply(operation);
        if (!applied.ok) faults.push(`${operation.kind}: ${applied.fault.text}`);
      }
    const table = `${ipvsadm("-Sn")}${ipvsadm("-Ln", "--thresholds")}`;
    writeFileSync(join(out, `${name}.ours`), table);
    writeFileSync(join(out, `${name}.faults`), faults.join("\n"));
  }
  engine.flush();
  await engine.close();
}

const [list, out] = process.argv.slice(2);
if (process.argv[1]?.endsWith("our-tables.js") === true && list !== undefined && out !== undefined)
  await writeOurTables(list, out);
