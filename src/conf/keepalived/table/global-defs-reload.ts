// global_defs: reading the configuration, reloads and dumps.

import { flag, keyword, single, toggle } from "./entries.ts";
import type { FormReading, KeywordSpec } from "./keyword-spec.ts";
import { anyNumber, choice, form, integer, many, optional, path, uintMax } from "./kinds.ts";

const noSchedule = "no reload is scheduled";
const checks = ["read", "match", "wildcard_match", "brace_match"];

/** The names of the permission bits that a umask may list. */
const umaskBits: ReadonlySet<string> = new Set([
  ...["USR", "GRP", "OTH"].flatMap((who) => ["R", "W", "X"].map((what) => `I${what}${who}`)),
  "IRWXU",
  "IRWXG",
  "IRWXO",
]);

function readUmask(word: string): FormReading {
  const number = /^(0x[0-9a-fA-F]+|0[0-7]*|[1-9][0-9]*)$/.test(word);
  const value = number ? (/^0[0-7]/.test(word) ? Number.parseInt(word, 8) : Number(word)) : 0;
  if (number && value <= 0o777) return { ok: true, value: word };
  if (!number && word.split("|").every((bit) => bit === "" || umaskBits.has(bit)))
    return { ok: true, value: word };
  return {
    ok: false,
    message: `\`${word}\` is no umask`,
    otherwise: { instead: "the default umask counts" },
  };
}

/** Blanks may stand around the signs between bits, but no bit stands without one. */
function umaskFault(words: readonly string[]): string | undefined {
  const mask = words
    .slice(1)
    .join(" ")
    .replaceAll(/\s*\|\s*/g, "|");
  return /^\w+(\|\w+)*$/.test(mask) ? undefined : "bits of a umask have `|` between them";
}

function readIncludeCheck(word: string): FormReading {
  const name = word.replace(/^[+-]/, "");
  if (checks.includes(name)) return { ok: true, value: word };
  // So the manual page calls it; the program does not know that word.
  const readable = name === "readable";
  return {
    ok: false,
    message: readable
      ? "keepalived calls this check `read`, whatever its manual page says"
      : `\`${word}\` is none of ${checks.join(", ")}`,
    otherwise: { instead: "the word is ignored" },
  };
}

/** The keywords of global_defs about configuration files and dumps. */
export const reloadKeywords: readonly KeywordSpec[] = [
  keyword(
    "umask",
    "The permissions that files of the daemon lack: a number, or names such as `IWGRP | IWOTH`.",
    [many("MASK", form("NUMBER or BIT|BIT", readUmask))],
    {
      default: "IXUSR|IRWXG|IRWXO",
      check: umaskFault,
    },
  ),
  single(
    "random_seed",
    "Makes `_RANDOM` give the same numbers each time.",
    "SEED",
    integer(0, uintMax, "the time counts"),
    { unset: "the time", missing: "the numbers differ each time" },
  ),
  keyword(
    "reload_check_config",
    "Checks a new configuration before a reload, and writes the findings to a file. Keelson always checks first.",
    [optional("LOG_FILE", path)],
    { missing: "the findings are in the log; a bad configuration never takes effect" },
  ),
  single(
    "reload_time_file",
    "A file whose first line says when to reload: `HH:MM:SS` or `YYYY-MM-DD HH:MM:SS`, with `Z` for UTC.",
    "FILE",
    form("ABSOLUTE PATH", (word) =>
      word.startsWith("/")
        ? { ok: true, value: word }
        : {
            ok: false,
            message: `\`${word}\` is not an absolute path`,
            otherwise: { instead: noSchedule },
          },
    ),
    { withoutArgument: noSchedule, missing: noSchedule },
  ),
  flag(
    "reload_repeat",
    "Keeps the file of `reload_time_file` after the reload, which then comes daily.",
    {
      missing: noSchedule,
    },
  ),
  keyword(
    "reload_file",
    "A file that exists while the configuration is read, so that whoever writes the configuration can wait for it to go.",
    [optional("FILE", path)],
    { unset: "there is none", missing: "there is no such file" },
  ),
  keyword(
    "include_check",
    "What makes an `include` without files an error: all of it, the named checks, or changes to them with `+` and `-`.",
    [anyNumber("CHECK", form("read, match, wildcard_match, brace_match", readIncludeCheck))],
    { unset: "nothing", missing: "an include without files is a warning" },
  ),
  single(
    "config_save_dir",
    "A directory to which each configuration is saved at a reload.",
    "DIRECTORY",
    path,
    {
      missing: "no configuration is saved",
    },
  ),
  single(
    "tmp_config_directory",
    "Where the copy of the configuration is kept from which all processes read.",
    "DIRECTORY",
    path,
    {
      unset: "in memory",
      withoutArgument: "it is kept in memory",
      missing: "it is kept in memory",
    },
  ),
  toggle("data_use_instance", "Puts the names of instance and namespace into the names of dumps.", {
    default: "off",
  }),
  single("json_version", "The form of the JSON dump.", "VERSION", choice(["1", "2"], "1 counts"), {
    default: "1",
    since: "after 2.2.7",
  }),
  single(
    "iproute_usr_dir",
    "Where the names of routing tables, scopes and the like are that the system brings.",
    "DIRECTORY",
    path,
    {
      default: "/usr/share/iproute2",
      since: "after 2.2.7",
      missing: "such names are not looked up",
    },
  ),
  single(
    "iproute_etc_dir",
    "Where the names of routing tables, scopes and the like are that the administrator gives.",
    "DIRECTORY",
    path,
    { default: "/etc/iproute2", since: "after 2.2.7", missing: "such names are not looked up" },
  ),
  single(
    "state_dump_file",
    "Where the dump of states goes; a directory when it ends with `/`.",
    "FILE",
    path,
    {
      default: "/tmp/keepalived.data",
      since: "after 2.2.7",
    },
  ),
  single("stats_dump_file", "Where the dump of counters goes.", "FILE", path, {
    default: "/tmp/keepalived.stats",
    since: "after 2.2.7",
  }),
  single("json_dump_file", "Where the dump in JSON goes.", "FILE", path, {
    default: "/tmp/keepalived.json",
    since: "after 2.2.7",
  }),
];
