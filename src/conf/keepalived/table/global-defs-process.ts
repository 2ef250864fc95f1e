// global_defs: processes, their names, priorities and scripts.

import { flag, keyword, single, synonym, toggle } from "./entries.ts";
import type { KeywordSpec, ValueKind } from "./keyword-spec.ts";
import {
  argument,
  clamped,
  commandWithUser,
  integer,
  interfaceName,
  many,
  optional,
  text,
  uintMax,
} from "./kinds.ts";

const noTitle = "the processes keep their own titles";
const scriptTimeout: ValueKind = integer(1, 1000, "10 seconds count", "seconds");
const processTitle: ValueKind = { kind: "text", bytesMax: 15 };
const nice: ValueKind = integer(-20, 19, "the nice value stays as it is");

/** The keywords that keepalived has for each of its children. */
function childKeywords(
  child: "checker" | "bfd",
  process: string,
  missing: string,
): readonly KeywordSpec[] {
  const limit = single(
    `${child}_rlimit_rttime`,
    `How long ${process} may compute without a pause once it runs in real time.`,
    "MICROSECONDS",
    integer(1, uintMax, "10000 microseconds count", "microseconds"),
    { default: "10000", missing },
  );
  return [
    single(
      `${child}_priority`,
      `The nice value of ${process}; negative ones are more urgent.`,
      "NICE",
      nice,
      {
        unset: "the nice value stays as it is",
        withoutArgument: "the nice value stays as it is",
        missing,
      },
    ),
    flag(`${child}_no_swap`, `Keeps the memory of ${process} from being swapped out.`, { missing }),
    single(
      `${child}_rt_priority`,
      `Runs ${process} in real time [SCHED_RR] with this priority.`,
      "PRIORITY",
      clamped(1, 99, "it runs as any other process"),
      {
        unset: "it runs as any other process",
        withoutArgument: "it runs as any other process",
        missing,
      },
    ),
    keyword(
      `${child}_cpu_affinity`,
      `The processors on which ${process} may run, by number.`,
      [many("CPU", integer(0, 8191, "the number is ignored"))],
      { unset: "all processors", withoutArgument: "all processors count", missing },
    ),
    limit,
    synonym(`${child}_rlimit_rtime`, limit, `An old spelling of \`${child}_rlimit_rttime\`.`, {
      deprecated: {
        advice: `write \`${child}_rlimit_rttime\``,
        rename: `${child}_rlimit_rttime`,
      },
    }),
  ];
}

const checkerName = single(
  "checker_process_name",
  "The title of the process that checks servers.",
  "NAME",
  processTitle,
  { missing: noTitle },
);

const vrrpLimit = single(
  "vrrp_rlimit_rttime",
  "How long the VRRP process may compute without a pause once it runs in real time.",
  "MICROSECONDS",
  integer(1, uintMax, "10000 microseconds count", "microseconds"),
  { default: "10000", missing: "there is no limit of this kind" },
);

/** The process and script keywords of global_defs. */
export const processKeywords: readonly KeywordSpec[] = [
  flag("process_names", "Gives each process a title that tells its part."),
  single("process_name", "The title of the main process.", "NAME", processTitle),
  single("vrrp_process_name", "The title of the VRRP process.", "NAME", processTitle),
  checkerName,
  synonym("lvs_process_name", checkerName, "An old spelling of `checker_process_name`.", {
    deprecated: { advice: "write `checker_process_name`", rename: "checker_process_name" },
  }),
  single("bfd_process_name", "The title of the BFD process.", "NAME", processTitle, {
    missing: noTitle,
  }),
  keyword(
    "startup_script",
    "A program that runs once, before anything else starts; for firewall marks and the like.",
    commandWithUser,
    { withoutArgument: "no program runs" },
  ),
  single(
    "startup_script_timeout",
    "How long the startup script may take before it is killed.",
    "SECONDS",
    scriptTimeout,
    { default: "10", withoutArgument: "10 seconds count" },
  ),
  keyword(
    "shutdown_script",
    "A program that runs once, after everything has stopped.",
    commandWithUser,
    { withoutArgument: "no program runs" },
  ),
  single(
    "shutdown_script_timeout",
    "How long the shutdown script may take before it is killed.",
    "SECONDS",
    scriptTimeout,
    { default: "10", withoutArgument: "10 seconds count" },
  ),
  keyword(
    "script_user",
    "The account under which scripts run that name none.",
    [argument("USER", text), optional("GROUP", text)],
    {
      unset: "`keepalived_script` when there is such a user, else the daemon's own account",
      withoutArgument: "the default account counts",
    },
  ),
  flag(
    "enable_script_security",
    "Refuses scripts that root would run although others than root can write them or a folder above them.",
  ),
  toggle(
    "use_symlink_paths",
    "Runs a script by the path that is written, even when it leads over symbolic links, and not by the path of their target.",
    { default: "off", since: "after 2.2.7", missing: "a script runs by the path that is written" },
  ),
  toggle(
    "set_supplementary_groups",
    "Gives a script all groups of its user and not only the first.",
    { default: "off", since: "after 2.4.3" },
  ),
  keyword(
    "max_auto_priority",
    "Raises a process's real-time priority by itself when its timers come late, up to this one. 0 never raises, -1 never and says nothing about it.",
    [optional("PRIORITY", integer(-1, 99, "no priority is raised"))],
    { default: "0", missing: "no priority is raised by itself" },
  ),
  single(
    "min_auto_priority_delay",
    "How late a timer must be for `max_auto_priority` to take effect.",
    "MICROSECONDS",
    integer(1, 10_000_000, "1000000 microseconds count", "microseconds"),
    {
      default: "1000000",
      withoutArgument: "1000000 microseconds count",
      missing: "no priority is raised by itself",
    },
  ),
  single(
    "vrrp_priority",
    "The nice value of the VRRP process; negative ones are more urgent.",
    "NICE",
    nice,
    {
      unset: "the nice value stays as it is",
      withoutArgument: "the nice value stays as it is",
    },
  ),
  // The VRRP process locks what it can in any case (docs/decisions/011).
  flag("vrrp_no_swap", "Keeps the memory of the VRRP process from being swapped out."),
  single(
    "vrrp_rt_priority",
    "Runs the VRRP process in real time [SCHED_RR] with this priority. 0, which is Keelson's own, runs it as any other process.",
    "PRIORITY",
    integer(0, 99, "the default priority counts"),
    { default: "50", withoutArgument: "the default priority counts" },
  ),
  keyword(
    "vrrp_cpu_affinity",
    "The processors on which the VRRP process may run, by number.",
    [many("CPU", integer(0, 8191, "the number is ignored"))],
    {
      unset: "all processors",
      withoutArgument: "all processors count",
      missing: "it runs on any processor",
    },
  ),
  vrrpLimit,
  synonym("vrrp_rlimit_rtime", vrrpLimit, "An old spelling of `vrrp_rlimit_rttime`.", {
    deprecated: { advice: "write `vrrp_rlimit_rttime`", rename: "vrrp_rlimit_rttime" },
  }),
  ...childKeywords(
    "checker",
    "the process that checks servers",
    "the process that checks servers runs as any other",
  ),
  ...childKeywords("bfd", "the BFD process", "BFD runs in the VRRP process"),
  single(
    "default_interface",
    "The interface of static addresses that name none.",
    "INTERFACE",
    interfaceName,
    {
      default: "eth0",
      withoutArgument: "eth0 counts",
    },
  ),
  keyword(
    "dynamic_interfaces",
    "Accepts interfaces that do not exist yet, and follows them as they come and go.",
    [
      optional("allow_if_changes", {
        kind: "choice",
        choices: ["allow_if_changes"],
        effect: "the word is ignored",
      }),
    ],
  ),
];
