// The checks of a real server other than HTTP_GET and SSL_GET.

import {
  networkCheckKeywords,
  oldRetryKeyword,
  stateKeywords,
  type TimingDefaults,
  timingKeywords,
} from "./checks-common.ts";
import { flag, keyword, option, single, withBlock } from "./entries.ts";
import type { BlockSpec, FormReading, KeywordSpec } from "./keyword-spec.ts";
import {
  anyNumber,
  argument,
  choice,
  command,
  form,
  integer,
  intMax,
  many,
  optional,
  reference,
  text,
  wholeSeconds,
} from "./kinds.ts";
import { reverseOption } from "./track-lines.ts";

const missing = "this check does not run";
const usual: TimingDefaults = { retry: "1", delayBeforeRetry: "1" };
const idle: TimingDefaults = { ...usual, missing };

const path = (name: string): string => `virtual_server/real_server/${name}`;

const tcp = networkCheckKeywords(usual);

/** The block TCP_CHECK. */
export const tcpCheckBlock: BlockSpec = {
  path: path("TCP_CHECK"),
  summary: "Opens a TCP connection. The server is up while that succeeds.",
  keywords: [...tcp, oldRetryKeyword(tcp, false)],
};

const smtpHostBlock: BlockSpec = {
  path: path("SMTP_CHECK/host"),
  summary: "One more address to check, in the old manner.",
  keywords: networkCheckKeywords(idle),
};

/** The block SMTP_CHECK. */
export const smtpCheckBlock: BlockSpec = {
  path: path("SMTP_CHECK"),
  summary: "Speaks SMTP up to HELO. The server is up while it answers as it should.",
  keywords: [
    single("helo_name", "The name in HELO.", "NAME", text, {
      default: "smtpchecker.keepalived.org",
      missing,
    }),
    ...networkCheckKeywords(idle),
    withBlock("host", "One more address to check.", [], smtpHostBlock, {
      deprecated: { advice: "write one SMTP_CHECK for each address" },
      missing,
    }),
  ],
};

/** The block DNS_CHECK. */
export const dnsCheckBlock: BlockSpec = {
  path: path("DNS_CHECK"),
  summary: "Asks a name server by UDP. The server is up while it answers without an error.",
  keywords: [
    ...networkCheckKeywords({ retry: "3", delayBeforeRetry: "what `delay_loop` says", missing }),
    single(
      "type",
      "The type of the record that is asked for.",
      "TYPE",
      choice(["A", "NS", "CNAME", "SOA", "MX", "TXT", "AAAA", "RRSIG", "DNSKEY"], "SOA counts"),
      { default: "SOA", missing },
    ),
    single("name", "The name that is asked for.", "NAME", form("DOMAIN", readDomain), {
      default: ".",
      missing,
    }),
  ],
};

function readDomain(word: string): FormReading {
  const labels = word.replace(/\.$/, "").split(".");
  const fits = labels.every((label) => label.length >= 1 && label.length <= 63);
  if (word === "." || (fits && word.length <= 255)) return { ok: true, value: word };
  return {
    ok: false,
    message: `\`${word}\` is no domain name`,
    otherwise: { instead: "the root is asked for" },
  };
}

/** Groups of hexadecimal digits; a wildcard stands for any digit. */
function hexForm(wildcards: boolean): KeywordSpec["arguments"][number]["value"] {
  const pattern = wildcards ? /^[0-9a-fA-FxX]+$/ : /^[0-9a-fA-F]+$/;
  return form(wildcards ? "hexadecimal digits, x for any" : "hexadecimal digits", (word) =>
    pattern.test(word)
      ? { ok: true, value: word }
      : {
          ok: false,
          message: `\`${word}\` is not made of hexadecimal digits`,
          otherwise: { instead: "the keyword is ignored" },
        },
  );
}

/** The block UDP_CHECK. */
export const udpCheckBlock: BlockSpec = {
  path: path("UDP_CHECK"),
  summary:
    "Sends a UDP packet. The server is up unless it is unreachable, or does not answer where an answer is required.",
  keywords: [
    ...networkCheckKeywords(idle),
    keyword("payload", "The bytes that are sent.", [many("HEX", hexForm(false))], {
      unset: "random bytes",
      withoutArgument: "random bytes are sent",
      missing,
    }),
    keyword(
      "require_reply",
      "Requires an answer, which must begin with these bytes where they are named.",
      [anyNumber("HEX", hexForm(true))],
      { missing },
    ),
    single(
      "min_reply_length",
      "The shortest answer.",
      "BYTES",
      integer(0, 65_535, "0 counts", "bytes"),
      {
        default: "0",
        missing,
      },
    ),
    single(
      "max_reply_length",
      "The longest answer.",
      "BYTES",
      integer(0, 65_535, "255 counts", "bytes"),
      {
        default: "255",
        missing,
      },
    ),
  ],
};

/** The block PING_CHECK. */
export const pingCheckBlock: BlockSpec = {
  path: path("PING_CHECK"),
  summary: "Sends an ICMP echo request. The server is up while it answers.",
  keywords: networkCheckKeywords(idle),
};

/** The block MISC_CHECK. */
export const miscCheckBlock: BlockSpec = {
  path: path("MISC_CHECK"),
  summary: "Runs a program. The server is up while it ends with status 0.",
  keywords: [
    single("misc_path", "The program, with its arguments in quotes.", "COMMAND", command, {
      withoutArgument: "the check is left out",
      missing,
    }),
    single(
      "misc_timeout",
      "How long the program may take before it is killed and counts as failed.",
      "SECONDS",
      wholeSeconds(0, 4294, "the default counts"),
      { unset: "what `delay_loop` says", missing },
    ),
    flag("misc_dynamic", "Takes the weight from the status: 2 to 255 mean a weight of 0 to 253.", {
      missing,
    }),
    keyword(
      "user",
      "The account that the program runs as.",
      [argument("USER", text), optional("GROUP", text)],
      {
        unset: "what `script_user` says",
        withoutArgument: "the default account counts",
        missing,
      },
    ),
    ...timingKeywords("check", { retry: "0", delayBeforeRetry: "1", missing }),
    ...stateKeywords(missing),
  ],
};

/** The block FILE_CHECK. */
export const fileCheckBlock: BlockSpec = {
  path: path("FILE_CHECK"),
  summary: "Takes a part of the weight from the number in a file [track_file].",
  keywords: [
    single("track_file", "The file, by the name of its block.", "FILE", reference("track_file"), {
      missing,
    }),
    single(
      "weight",
      "By what the number in the file is multiplied.",
      "FACTOR",
      integer(-intMax, intMax, "the factor of the track_file counts"),
      {
        unset: "the factor of the track_file",
        withoutArgument: "the factor of the track_file counts",
        options: [
          reverseOption,
          option("noreverse", "Takes back a `reverse` of the track_file.", [], { missing }),
        ],
        missing,
      },
    ),
  ],
};

/** The block BFD_CHECK. */
export const bfdCheckBlock: BlockSpec = {
  path: path("BFD_CHECK"),
  summary: "Follows a BFD session [bfd_instance]. The server is up while the session is.",
  keywords: [
    single("name", "The session, by the name of its block.", "BFD", reference("bfd_instance"), {
      withoutArgument: "the check is left out",
      missing,
    }),
    ...stateKeywords(missing).filter((entry) => entry.name === "alpha"),
  ],
};
