// K02: what a virtual server asks for, and the data plane of this director does not do.

import { engineLimits, engineName } from "../../model/engine-limits.ts";
import { checkedServerName, checkedServers } from "../../model/server-group.ts";
import type { VirtualServer } from "../../model/virtual-server.ts";
import { spanAt } from "../keepalived/reading.ts";
import { keywordOf, type Section } from "../keepalived/section.ts";
import type { Span } from "../text/diagnostic.ts";
import { virtualServerWith } from "./example-texts.ts";
import type { Configuration, Report, Rule } from "./rule.ts";
import {
  nameSpan,
  type WrittenKey,
  type WrittenVirtualServer,
  writtenVirtualServers,
} from "./written-virtual-servers.ts";

const onIpvs = (text: string): string => `global_defs {\n    lb_engine ipvs\n}\n${text}`;

export const notCarried: Rule = {
  id: "K02",
  name: "not-carried",
  severity: "warning",
  scope: "file",
  check,
  title: "the chosen data plane does not do what this virtual server asks for",
  explanation: [
    "The virtual server is read and checked, but the data plane that `lb_engine` names cannot forward its packets in",
    "this way: the finding names what is missing. `auto` is judged as `xdp`, which it takes wherever it can.",
    "",
    "With `lb_engine ipvs` the file is refused where the kernel has nothing of the kind, such as FULLNAT. Else the",
    "daemon says so once more at the start, refuses this virtual server, and serves all others. Clients of this one",
    "get no answer from here.",
    "",
    "Nothing is wrong with the file. Choose another `lb_engine`, or a scheduler or method that this one does.",
  ].join("\n"),
  bad: [onIpvs(virtualServerWith("").replace("lb_kind NAT", "lb_kind FULLNAT"))],
  good: [virtualServerWith(""), onIpvs(virtualServerWith(""))],
  sources: [],
};

function check(configuration: Configuration, report: Report): void {
  const { model, file } = configuration;
  const { engine } = model.global;
  let places: ReadonlyMap<string, WrittenVirtualServer> | undefined;
  for (const server of checkedServers(model))
    for (const { what, keyword, runsWithout } of engineLimits(engine, server)) {
      places ??= placesOf(configuration);
      const written = places.get(nameOf(server));
      const stops = engine === "ipvs" && runsWithout !== true;
      report(spanOf(file, written, keyword), {
        message: `${checkedServerName(server)}: ${engineName(engine)} does not do ${what}`,
        ...(stops
          ? { severity: "error", stops: true, effect: "the file is refused" }
          : { effect: effectOf(runsWithout) }),
      });
    }
}

function effectOf(runsWithout: true | undefined): string {
  return runsWithout === true
    ? "the virtual server runs without it"
    : "it is refused at the start, with a line in the log; the others are served";
}

/** The virtual servers as they are written, by `nameOf`. */
function placesOf(configuration: Configuration): ReadonlyMap<string, WrittenVirtualServer> {
  const places = new Map<string, WrittenVirtualServer>();
  for (const written of writtenVirtualServers(configuration)) {
    const { key, protocol = "UDP" } = written;
    for (const name of writtenNames(key, protocol))
      if (!places.has(name)) places.set(name, written);
  }
  return places;
}

/** A group that has marks only has no protocol. */
function writtenNames(key: WrittenKey, protocol: string): readonly string[] {
  switch (key.kind) {
    case "group":
      return [`group ${key.group} ${protocol}`, `group ${key.group}`];
    case "fwmark":
      return [`mark ${key.fwmark}`];
    case "address":
      return [`${protocol} ${key.address} ${key.port}`];
  }
}

function nameOf({ key, options }: VirtualServer): string {
  const group = options?.group;
  if (key.kind === "fwmark") return group === undefined ? `mark ${key.fwmark}` : `group ${group}`;
  if (group !== undefined) return `group ${group} ${key.protocol}`;
  return `${key.protocol} ${key.address} ${key.port}`;
}

/** The keyword, else the name of the virtual server. */
function spanOf(
  file: string,
  written: WrittenVirtualServer | undefined,
  keyword: string | undefined,
): Span {
  if (written === undefined) return { file, line: 1, column: 1, length: 0 };
  const own = keyword === undefined ? undefined : settingSpan(written.section, keyword);
  return own ?? nameSpan(written);
}

/** Of a keyword or its other spellings. */
function settingSpan(section: Section, keyword: string): Span | undefined {
  const same = section.settings.findLast(
    (setting) => keywordOf(setting) === keyword || setting.spec.name === keyword,
  );
  return same && spanAt(same.line, 0);
}
