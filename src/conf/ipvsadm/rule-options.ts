// The options that a line of a saved table can have.

/** The command of a line. */
export type RuleCommand = "add-service" | "add-server";

/** One option of ipvsadm. */
export interface RuleOption {
  readonly name: string;
  readonly short?: string;
  /** `none`: it stands alone. `optional`: a number may follow. */
  readonly argument: "none" | "one" | "optional";
  readonly commands: readonly RuleCommand[];
  /** Options of one group exclude each other. */
  readonly group?: string;
}

const both: readonly RuleCommand[] = ["add-service", "add-server"];
const services: readonly RuleCommand[] = ["add-service"];
const servers: readonly RuleCommand[] = ["add-server"];

export const ruleOptions: readonly RuleOption[] = [
  { name: "tcp-service", short: "t", argument: "one", commands: both, group: "service" },
  { name: "udp-service", short: "u", argument: "one", commands: both, group: "service" },
  { name: "sctp-service", argument: "one", commands: both, group: "service" },
  { name: "fwmark-service", short: "f", argument: "one", commands: both, group: "service" },
  { name: "ipv6", short: "6", argument: "none", commands: both },
  { name: "scheduler", short: "s", argument: "one", commands: services },
  { name: "persistent", short: "p", argument: "optional", commands: services },
  { name: "netmask", short: "M", argument: "one", commands: services },
  { name: "pe", argument: "one", commands: services },
  { name: "ops", short: "o", argument: "none", commands: services },
  { name: "sched-flags", short: "b", argument: "one", commands: services },
  { name: "real-server", short: "r", argument: "one", commands: servers },
  { name: "gatewaying", short: "g", argument: "none", commands: servers, group: "method" },
  { name: "ipip", short: "i", argument: "none", commands: servers, group: "method" },
  { name: "masquerading", short: "m", argument: "none", commands: servers, group: "method" },
  { name: "weight", short: "w", argument: "one", commands: servers },
  { name: "u-threshold", short: "x", argument: "one", commands: servers },
  { name: "l-threshold", short: "y", argument: "one", commands: servers },
  { name: "tun-type", argument: "one", commands: servers },
  { name: "tun-port", argument: "one", commands: servers },
  { name: "tun-nocsum", argument: "none", commands: servers, group: "checksum" },
  { name: "tun-csum", argument: "none", commands: servers, group: "checksum" },
  { name: "tun-remcsum", argument: "none", commands: servers, group: "checksum" },
];

/** Commands of ipvsadm, by their spellings; only the first two can be in a saved table. */
export const commandWords: ReadonlyMap<string, string> = new Map([
  ["-A", "add-service"],
  ["--add-service", "add-service"],
  ["-a", "add-server"],
  ["--add-server", "add-server"],
  ["-C", "clear"],
  ["--clear", "clear"],
  ["-E", "edit-service"],
  ["--edit-service", "edit-service"],
  ["-D", "delete-service"],
  ["--delete-service", "delete-service"],
  ["-e", "edit-server"],
  ["--edit-server", "edit-server"],
  ["-d", "delete-server"],
  ["--delete-server", "delete-server"],
  ["-R", "restore"],
  ["--restore", "restore"],
  ["-S", "save"],
  ["--save", "save"],
  ["-L", "list"],
  ["-l", "list"],
  ["--list", "list"],
  ["-Z", "zero"],
  ["--zero", "zero"],
  ["--set", "set"],
  ["--start-daemon", "start-daemon"],
  ["--stop-daemon", "stop-daemon"],
]);

/** The option of a long or a short spelling. */
export function optionByName(name: string): RuleOption | undefined {
  return ruleOptions.find((option) => option.name === name);
}

export function optionByLetter(letter: string): RuleOption | undefined {
  return ruleOptions.find((option) => option.short === letter);
}
