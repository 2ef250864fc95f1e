// ipvsadm 1.31's options, and which of them go with which command.

import type { ScannedOption } from "./option-scanner.ts";

/** Names of options as complaints have them, in the order in which they are looked at. */
export const optionTitles = [
  "numeric",
  "connection",
  "service-address",
  "scheduler",
  "persistent",
  "netmask",
  "real-server",
  "forwarding-method",
  "weight",
  "u-threshold",
  "l-threshold",
  "mcast-interface",
  "timeout",
  "daemon",
  "stats",
  "rate",
  "thresholds",
  "persistent-conn",
  "nosort",
  "syncid",
  "exact",
  "ops",
  "pe",
  "sched-flags",
  "mcast-group",
  "mcast-port",
  "mcast-ttl",
  "sync-maxlen",
  "tun-info",
  "tun-type",
  "tun-port",
  "tun-nocsum",
  "tun-csum",
  "tun-remcsum",
] as const;

export type OptionTitle = (typeof optionTitles)[number];

/** Commands by the names that complaints give them. */
export type CommandTitle =
  | "add-service"
  | "edit-service"
  | "delete-service"
  | "flush"
  | "list"
  | "add-server"
  | "delete-server"
  | "edit-server"
  | "set"
  | "start-daemon"
  | "stop-daemon"
  | "restore"
  | "save"
  | "zero";

/** One option: a command, a page, or something that goes with a command. */
export interface IpvsadmOption extends ScannedOption {
  readonly command?: CommandTitle | "help" | "version";
  /** Options of one title exclude each other; absent where nobody counts them. */
  readonly title?: OptionTitle;
}

type Argument = IpvsadmOption["argument"];

function command(
  name: string,
  letter: string | undefined,
  means: NonNullable<IpvsadmOption["command"]>,
  argument: Argument = "none",
): IpvsadmOption {
  return { name, ...(letter === undefined ? {} : { letter }), argument, command: means };
}

function option(
  name: string,
  letter: string | undefined,
  argument: Argument,
  title?: OptionTitle,
): IpvsadmOption {
  return {
    name,
    ...(letter === undefined ? {} : { letter }),
    argument,
    ...(title === undefined ? {} : { title }),
  };
}

export const ipvsadmOptions: readonly IpvsadmOption[] = [
  command("add-service", "A", "add-service"),
  command("edit-service", "E", "edit-service"),
  command("delete-service", "D", "delete-service"),
  command("clear", "C", "flush"),
  command("restore", "R", "restore"),
  command("save", "S", "save"),
  command("add-server", "a", "add-server"),
  command("edit-server", "e", "edit-server"),
  command("delete-server", "d", "delete-server"),
  command("list", "L", "list"),
  command("list", "l", "list"),
  command("zero", "Z", "zero"),
  command("set", undefined, "set"),
  command("start-daemon", undefined, "start-daemon", "required"),
  command("stop-daemon", undefined, "stop-daemon", "required"),
  command("help", "h", "help"),
  command("version", "v", "version"),
  option("tcp-service", "t", "required", "service-address"),
  option("udp-service", "u", "required", "service-address"),
  option("sctp-service", undefined, "required", "service-address"),
  option("fwmark-service", "f", "required", "service-address"),
  option("ipv6", "6", "none"),
  option("scheduler", "s", "required", "scheduler"),
  option("persistent", "p", "optional", "persistent"),
  option("netmask", "M", "required", "netmask"),
  option("pe", undefined, "required", "pe"),
  option("ops", "o", "none", "ops"),
  option("sched-flags", "b", "required", "sched-flags"),
  option("real-server", "r", "required", "real-server"),
  option("gatewaying", "g", "none", "forwarding-method"),
  option("ipip", "i", "none", "forwarding-method"),
  option("masquerading", "m", "none", "forwarding-method"),
  option("tun-type", undefined, "required", "tun-type"),
  option("tun-port", undefined, "required", "tun-port"),
  option("tun-nocsum", undefined, "none", "tun-nocsum"),
  option("tun-csum", undefined, "none", "tun-csum"),
  option("tun-remcsum", undefined, "none", "tun-remcsum"),
  option("weight", "w", "required", "weight"),
  option("u-threshold", "x", "required", "u-threshold"),
  option("l-threshold", "y", "required", "l-threshold"),
  option("numeric", "n", "none", "numeric"),
  option("connection", "c", "none", "connection"),
  option("timeout", undefined, "none", "timeout"),
  option("daemon", undefined, "none", "daemon"),
  option("stats", undefined, "none", "stats"),
  option("rate", undefined, "none", "rate"),
  option("exact", "X", "none", "exact"),
  option("thresholds", undefined, "none", "thresholds"),
  option("persistent-conn", undefined, "none", "persistent-conn"),
  option("tun-info", undefined, "none", "tun-info"),
  option("nosort", undefined, "none", "nosort"),
  option("sort", undefined, "none"),
  option("mcast-interface", undefined, "required", "mcast-interface"),
  option("syncid", undefined, "required", "syncid"),
  option("sync-maxlen", undefined, "required", "sync-maxlen"),
  option("mcast-group", undefined, "required", "mcast-group"),
  option("mcast-port", undefined, "required", "mcast-port"),
  option("mcast-ttl", undefined, "required", "mcast-ttl"),
];

/** What goes with a command or a kind of tunnel. */
export interface Fitting {
  readonly needed: readonly OptionTitle[];
  readonly allowed: readonly OptionTitle[];
  /** At most one of these. */
  readonly exclusive: readonly OptionTitle[];
}

const nothing: readonly OptionTitle[] = [];
const service: Fitting = {
  needed: ["service-address"],
  allowed: ["scheduler", "persistent", "netmask", "ops", "pe", "sched-flags"],
  exclusive: nothing,
};
const server: Fitting = {
  needed: ["service-address", "real-server"],
  allowed: [
    "forwarding-method",
    "weight",
    "u-threshold",
    "l-threshold",
    "tun-type",
    "tun-port",
    "tun-nocsum",
    "tun-csum",
    "tun-remcsum",
  ],
  exclusive: nothing,
};
const alone: Fitting = { needed: nothing, allowed: nothing, exclusive: nothing };

export const fittingOfCommand: Readonly<Record<CommandTitle, Fitting>> = {
  "add-service": service,
  "edit-service": service,
  "delete-service": { ...alone, needed: ["service-address"] },
  flush: alone,
  list: {
    needed: nothing,
    allowed: [
      "numeric",
      "stats",
      "rate",
      "thresholds",
      "persistent-conn",
      "nosort",
      "syncid",
      "exact",
      "tun-info",
    ],
    exclusive: ["connection", "service-address", "timeout", "daemon"],
  },
  "add-server": server,
  "edit-server": server,
  "delete-server": { ...alone, needed: ["service-address", "real-server"] },
  set: alone,
  "start-daemon": {
    ...alone,
    allowed: ["mcast-interface", "syncid", "mcast-group", "mcast-port", "mcast-ttl", "sync-maxlen"],
  },
  "stop-daemon": { ...alone, allowed: ["syncid"] },
  restore: alone,
  save: { ...alone, allowed: ["numeric"] },
  zero: { ...alone, allowed: ["service-address"] },
};

const checksums: readonly OptionTitle[] = ["tun-nocsum", "tun-csum", "tun-remcsum"];

/** The options that a kind of tunnel takes. */
export const fittingOfTunnel: Readonly<Record<"ipip" | "gue" | "gre", Fitting>> = {
  ipip: alone,
  gue: { needed: ["tun-port"], allowed: nothing, exclusive: checksums },
  gre: { needed: nothing, allowed: nothing, exclusive: ["tun-nocsum", "tun-csum"] },
};

/** The titles that only a tunnel can have. */
export const tunnelTitles: readonly OptionTitle[] = ["tun-type", "tun-port", ...checksums];
