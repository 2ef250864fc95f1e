// make parity-running: every scene on keepalived and on Keelson, and a table of what differs.
// Usage: run [--write] [NAMES]; FILES=FOLDER plays the configuration files of a folder instead.

import { writeFileSync } from "node:fs";
import { playAll, unused, type Verdict } from "./play-all.ts";
import { scenes } from "./scenes.ts";
import { scenesOfFiles } from "./scenes-of-files.ts";

const lanesDefault = 8;
const folder = process.env["FILES"];
const words = process.argv.slice(2).filter((word) => word !== "--write");
const all = folder === undefined ? scenes : scenesOfFiles(folder);
const chosen = all.filter(({ name }) => words.length === 0 || words.includes(name));
const lanes = Number(process.env["LANES"] ?? lanesDefault);
const verdicts = await playAll(chosen, lanes, (verdict) => {
  console.log(`${verdict.unjustified.length === 0 ? "ok " : "NOT"} ${verdict.scene.name}`);
  for (const line of verdict.unjustified) console.log(`    ${line.slice(0, 400)}`);
});
const stale = folder === undefined ? unused(verdicts) : [];
for (const one of stale) console.log(`no longer seen: ${one.where}`);
if (process.argv.includes("--write")) writeFileSync("docs/parity-running.md", render(verdicts));
const failed = verdicts.filter(({ unjustified }) => unjustified.length > 0).length;
console.log(`${verdicts.length} scenes, ${failed} with differences that nothing justifies`);
process.exit(failed + stale.length > 0 ? 1 : 0);

function render(played: readonly Verdict[]): string {
  const rows = chosen.flatMap(({ name, story }) => {
    const verdict = played.find(({ scene }) => scene.name === name);
    if (verdict === undefined) return [];
    const always = (where: string): boolean => !where.startsWith("docs/split-brain.md");
    const why = [...new Set(verdict.used.map(({ where }) => where))].filter(always);
    const result =
      verdict.unjustified.length > 0 ? "DIFFERS" : why.length > 0 ? why.join("; ") : "same";
    return [`| ${name} | ${story.map(({ say }) => say).join(", ")} | ${result} |`];
  });
  return `# The same file, run by keepalived 2.2.7 and by Keelson

Written by \`make parity-running\`. Both run the same configuration on equal hosts and live through the same story. After each
step these are compared: addresses, routes, rules, links and kernel settings of the host; lines of the FIFO and calls of programs;
adverts byte by byte (without identification, header checksum and sequence number); gratuitous ARP and neighbour advertisements byte
by byte and their number; whether a neighbour gets an answer from each address, and which MAC address it learns; times of states, to
1.5 s. Left out are lifetimes of addresses (they are leases, docs/deviations/keepalived/leases.md), aliases of virtual interfaces
(decision 212) and questions who holds an address (docs/split-brain.md). All scenes say \`vrrp_garp_master_refresh 0\`
(docs/deviations/keepalived/garp-refresh.md).

| configuration | story | difference |
|---|---|---|
${rows.join("\n")}
`;
}
