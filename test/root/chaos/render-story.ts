// What a chaos run found, as a table for docs and terminals.

import type { Chapter, Story } from "./story.ts";

function kibOf(first: number, last: number): string {
  return `${Math.round(first / 1024)} -> ${Math.round(last / 1024)} MiB`;
}

/** A table in Markdown, one row a kind of fault, and lines about memory and descriptors. */
export function renderStory(story: Story): string {
  const byFault = new Map<string, Chapter[]>();
  for (const chapter of story.chapters)
    byFault.set(chapter.fault, [...(byFault.get(chapter.fault) ?? []), chapter]);
  const rows = [...byFault]
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([name, of]) => {
      const outages = of.map(({ outageMs }) => outageMs).sort((one, other) => one - other);
      const worst = (values: readonly number[]): string => Math.max(...values).toFixed(0);
      const cells = [
        name,
        String(of.length),
        Number.isFinite(of[0]?.priceMs) ? String(of[0]?.priceMs) : "",
        (outages[Math.floor((outages.length - 1) / 2)] ?? 0).toFixed(0),
        worst(outages),
        `${worst(of.map(({ bothMs }) => bothMs))}${of.some((one) => one.dividesThem) ? " (divided)" : ""}`,
        worst(of.map(({ settledMs }) => Math.max(0, settledMs))),
        String(of.filter(({ complaints }) => complaints.length > 0).length),
      ];
      return `| ${cells.join(" | ")} |`;
    });
  const head = [
    "| fault | played | may cost, ms | median outage | worst outage | both answered | at rest after | wrong |",
    "|---|---|---|---|---|---|---|---|",
  ];
  const figures = story.figures.map(({ router, first, last }) =>
    [
      `${router}: main ${kibOf(first.mainKib, last.mainKib)}, ${first.mainDescriptors} -> ${last.mainDescriptors} descriptors`,
      `VRRP process ${kibOf(first.vrrpKib, last.vrrpKib)}, ${first.vrrpDescriptors} -> ${last.vrrpDescriptors} descriptors`,
    ].join("; "),
  );
  return [...head, ...rows, "", ...figures].join("\n");
}
