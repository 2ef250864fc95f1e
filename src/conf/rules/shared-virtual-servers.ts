// The virtual servers of several nodes, side by side.

import { keywordOf, type Section } from "../keepalived/section.ts";
import { nodeNameOf } from "./nodes.ts";
import type { Configuration } from "./rule.ts";
import {
  type WrittenVirtualServer,
  writtenName,
  writtenVirtualServers,
} from "./written-virtual-servers.ts";

/** One node's virtual server. */
export interface ServerPart {
  readonly node: Configuration;
  readonly nodeName: string;
  readonly server: WrittenVirtualServer;
}

/** Pairs of one virtual server: the first node that has it, and each other one. */
export function sharedServersOf(
  nodes: readonly Configuration[],
): readonly (readonly [ServerPart, ServerPart])[] {
  const first = new Map<string, ServerPart>();
  const pairs: (readonly [ServerPart, ServerPart])[] = [];
  for (const node of nodes)
    for (const [name, part] of serversOf(node, nodes)) {
      const before = first.get(name);
      if (before === undefined) first.set(name, part);
      else pairs.push([before, part]);
    }
  return pairs;
}

/** The virtual servers of a node by their name; of two with one name the first. */
export function serversOf(
  node: Configuration,
  nodes: readonly Configuration[],
): ReadonlyMap<string, ServerPart> {
  const found = new Map<string, ServerPart>();
  const nodeName = nodeNameOf(node, nodes);
  for (const server of writtenVirtualServers(node)) {
    const name = writtenName(server);
    if (!found.has(name)) found.set(name, { node, nodeName, server });
  }
  return found;
}

/** What a block says, as one text: the same for blocks that mean the same in any order. */
export function meaningOf(section: Section): string {
  const lines = section.settings.map((setting) => {
    const inner = setting.section === undefined ? "" : `{${meaningOf(setting.section)}}`;
    const entries = setting.entries?.map(({ line }) =>
      line.words.map(({ text }) => text).join(" "),
    );
    return `${keywordOf(setting)} ${setting.values.join(" ")}${inner}${entries?.join(";") ?? ""}`;
  });
  return lines.toSorted().join("\n");
}
