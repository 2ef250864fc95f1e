// `make demo`: builds a cluster of examples/ on this machine and plays its story in the terminal.
// Exit status 0 only when everything came as it should.
//
//   demo.js [SCENARIO] [--with keepalived]

import { existsSync } from "node:fs";
import { keelson, keepalived } from "./director.ts";
import { Lab } from "./lab.ts";
import { obtainPrivileges } from "./privileges.ts";
import { type Scenario, Stage } from "./stage.ts";
import { directRouting } from "./stories/direct-routing.ts";
import { dualMaster } from "./stories/dual-master.ts";
import { ldirectordDr } from "./stories/ldirectord-dr.ts";
import { nat } from "./stories/nat.ts";
import { nginxHa } from "./stories/nginx-ha.ts";
import { vrrp } from "./stories/vrrp.ts";
import { Story, StoryEnd } from "./story.ts";
import { Terminal } from "./terminal.ts";

const scenarios: readonly Scenario[] = [
  directRouting,
  nat,
  dualMaster,
  nginxHa,
  ldirectordDr,
  vrrp,
];
const terminal = new Terminal(process.stdout);

/** Programs of every scenario, with the Debian package that brings each. */
const packages: Readonly<Record<string, string>> = {
  bash: "bash",
  ip: "iproute2",
  bridge: "iproute2",
  unshare: "util-linux",
  nsenter: "util-linux",
  setpriv: "util-linux",
  nginx: "nginx-light",
  ps: "procps",
  curl: "curl",
  keepalived: "keepalived",
};
const needed = ["bash", "ip", "unshare", "nsenter", "setpriv", "nginx"];

function missingPrograms(programs: readonly string[]): string[] {
  const directories = [
    "/usr/local/sbin",
    "/usr/local/bin",
    "/usr/sbin",
    "/usr/bin",
    "/sbin",
    "/bin",
  ];
  return programs.filter((name) => !directories.some((path) => existsSync(`${path}/${name}`)));
}

function usage(text: string): never {
  console.error(`${text}\nusage: make demo [SCENARIO=${scenarios.map((s) => s.name).join("|")}]`);
  process.exit(2);
}

function refuse(lines: readonly string[]): never {
  for (const line of lines) console.error(line);
  process.exit(1);
}

function readArguments(argv: readonly string[]): { scenario: Scenario; withKeepalived: boolean } {
  const withAt = argv.indexOf("--with");
  const withKeepalived = withAt >= 0 && argv[withAt + 1] === "keepalived";
  if (withAt >= 0 && !withKeepalived) usage("--with takes keepalived");
  const names = argv.filter((_, index) => withAt < 0 || (index !== withAt && index !== withAt + 1));
  const name = names[0] ?? "dr";
  const scenario = scenarios.find((candidate) => candidate.name === name);
  if (scenario === undefined) return usage(`there is no scenario ${name}`);
  if (withKeepalived && scenario.onlyKeelson === true)
    usage(`${name} shows what keepalived does not have; it can play dual-master and nginx-ha`);
  if (withKeepalived && scenario.balances)
    usage(`keepalived needs IPVS for ${name}; it can play dual-master and nginx-ha`);
  return { scenario, withKeepalived };
}

function printHeader(scenario: Scenario, program: string, unprivileged: boolean): void {
  terminal.line();
  terminal.line(
    `  ${terminal.paint("bold", program)} ${terminal.paint("dim", "·")} ${scenario.title}`,
  );
  for (const line of scenario.picture.trimEnd().split("\n"))
    terminal.line(terminal.paint("cyan", line));
  terminal.line();
  const text = [
    "  Every host is a set of namespaces on this machine. The configuration files are those of",
    `  examples/${scenario.name}/, unchanged. A client sends a request every 20 ms; an outage is the longest`,
    "  time between two answers.",
  ];
  if (unprivileged)
    text.push(
      "  Not root: all of it runs in a user namespace. eBPF is not allowed there, so Keelson forwards",
      "  with its own model engine, which ends with its process.",
    );
  for (const line of text) terminal.line(terminal.paint("dim", line));
}

async function play(
  scenario: Scenario,
  program: typeof keelson,
  unprivileged: boolean,
): Promise<boolean> {
  printHeader(scenario, program.name, unprivileged);
  const lab = await Lab.build(scenario.topology);
  const interrupt = (signal: NodeJS.Signals): void => {
    lab.killNow();
    terminal.line();
    terminal.line(`  ${signal}: the story ends here; all hosts are removed`);
    process.exit(signal === "SIGINT" ? 130 : 143);
  };
  process.once("SIGINT", interrupt);
  process.once("SIGTERM", interrupt);
  process.once("SIGHUP", interrupt);
  const story = new Story(terminal);
  try {
    await scenario.play(new Stage({ lab, story, program, topology: scenario.topology }));
  } catch (error) {
    if (!(error instanceof StoryEnd))
      story.check(false, `the lab failed: ${(error as Error).message}`);
  } finally {
    await lab.close();
  }
  return story.end();
}

const { scenario, withKeepalived } = readArguments(process.argv.slice(2));
const program = withKeepalived ? keepalived : keelson;
const missing = missingPrograms([
  ...needed,
  ...scenario.programs,
  ...(withKeepalived ? ["keepalived"] : []),
]);
if (missing.length > 0) {
  const names = [...new Set(missing.map((name) => packages[name] ?? name))].join(" ");
  refuse([`missing: ${missing.join(", ")}`, `install as root: apt-get install ${names}`]);
}
const privileges = obtainPrivileges();
if (privileges.kind === "refused") refuse(privileges.lines);
if (privileges.kind === "entered") process.exit(await privileges.status);
process.exitCode = (await play(scenario, program, privileges.kind === "mapped")) ? 0 : 1;
