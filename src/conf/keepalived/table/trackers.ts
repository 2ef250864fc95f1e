// track_file, vrrp_track_process, bfd_instance and track_group: what instances can follow beside scripts.

import { flag, keyword, option, single, synonym, toggle, withLines } from "./entries.ts";
import type { BlockSpec, KeywordSpec, LineSpec, ValueKind } from "./keyword-spec.ts";
import {
  address,
  anyNumber,
  argument,
  choice,
  command,
  form,
  integer,
  many,
  optional,
  path,
  reference,
  seconds,
  text,
  weight254,
} from "./kinds.ts";
import { reverseOption } from "./track-lines.ts";

function fileKeywords(): readonly KeywordSpec[] {
  return [
    single("file", "The file, which holds one number.", "FILE", path, {
      withoutArgument: "the block is left out",
    }),
    keyword(
      "weight",
      "By what the number is multiplied before it changes a priority; 0: a number other than 0 means FAULT.",
      [argument("FACTOR", weight254)],
      {
        default: "1",
        options: [reverseOption],
        withoutArgument: "1 counts",
      },
    ),
    keyword(
      "init_file",
      "Makes the file at the start, with this number, unless it exists; `overwrite` in any case.",
      [optional("VALUE", form("NUMBER from -254 to 254", readFileValue))],
      {
        options: [option("overwrite", "Writes the number even when the file exists.", [])],
      },
    ),
  ];
}

function readFileValue(word: string): ReturnType<Extract<ValueKind, { kind: "form" }>["read"]> {
  if (/^[+-]?\d+$/.test(word) && Math.abs(Number(word)) <= 254)
    return { ok: true, value: Number(word) };
  return {
    ok: false,
    message: `\`${word}\` is no number from -254 to 254`,
    otherwise: { instead: "the number is 0" },
  };
}

const fileSummary =
  "A file whose number changes the priority of instances or the weight of servers.";

/** The block track_file. */
export const trackFileBlock: BlockSpec = {
  path: "track_file",
  summary: fileSummary,
  keywords: fileKeywords(),
};

/** The same under its old name. */
export const vrrpTrackFileBlock: BlockSpec = {
  path: "vrrp_track_file",
  summary: fileSummary,
  keywords: fileKeywords(),
};

const delaySeconds = seconds(0.000_001, 3600, "there is no delay");

/** The block vrrp_track_process. */
export const vrrpTrackProcessBlock: BlockSpec = {
  path: "vrrp_track_process",
  summary: "Processes of this host that must run, by name. The kernel says when they come and go.",
  keywords: [
    keyword("process", "The name of the process; arguments where those must match as well.", [
      argument("NAME", command),
      anyNumber("ARGUMENT", text),
    ]),
    keyword(
      "param_match",
      "How arguments match: `partial` lets the process have more of them, `initial` also the last one be longer.",
      [optional("HOW", choice(["initial", "partial"], "the word is ignored"))],
      { unset: "all of them, exactly" },
    ),
    keyword(
      "weight",
      "What a lack of processes changes of the priority; 0: it means FAULT.",
      [argument("WEIGHT", weight254)],
      {
        default: "0",
        options: [reverseOption],
        withoutArgument: "0 counts",
      },
    ),
    single("quorum", "How many such processes must run.", "COUNT", integer(1, 65_535, "1 counts"), {
      default: "1",
    }),
    single(
      "quorum_max",
      "How many such processes may run; with 0 none may.",
      "COUNT",
      integer(0, 65_535, "there is no limit"),
      {
        unset: "any number",
      },
    ),
    single("delay", "Sets both `fork_delay` and `terminate_delay`.", "SECONDS", delaySeconds),
    single(
      "fork_delay",
      "How long the processes must have been enough to count.",
      "SECONDS",
      delaySeconds,
      {
        unset: "no delay",
      },
    ),
    single(
      "terminate_delay",
      "How long the processes must have been too few to count.",
      "SECONDS",
      delaySeconds,
      {
        unset: "no delay",
      },
    ),
    flag("full_command", "Compares the whole command line and not the process's name."),
  ],
};

const neighbor = single("neighbor_ip", "The address of the neighbour.", "ADDRESS", address);
const ttl = single(
  "ttl",
  "The TTL of what is sent.",
  "TTL",
  integer(1, 255, "the default counts"),
  {
    unset: "255 for IPv4, 64 for IPv6",
  },
);

function milliseconds(min: number): ValueKind {
  return form(`MILLISECONDS from ${min} to 4294967`, (word) => {
    const value = Number(word);
    if (/^\d+(\.\d+)?$/.test(word) && value >= min && value <= 4_294_967)
      return { ok: true, value };
    return {
      ok: false,
      message: `\`${word}\` is no number of milliseconds from ${min} to 4294967`,
      otherwise: { instead: "the default counts" },
    };
  });
}

/** The block bfd_instance. */
export const bfdInstanceBlock: BlockSpec = {
  path: "bfd_instance",
  summary:
    "A BFD session with a neighbour [RFC 5880], which tells within milliseconds that it is gone.",
  keywords: [
    neighbor,
    synonym("neighbour_ip", neighbor, "Another spelling of `neighbor_ip`."),
    single("source_ip", "The address that packets are sent from.", "ADDRESS", address, {
      unset: "the kernel chooses",
    }),
    single(
      "min_rx",
      "The shortest time between packets of the neighbour.",
      "MILLISECONDS",
      milliseconds(1),
      {
        default: "10",
      },
    ),
    single(
      "min_tx",
      "The shortest time between packets to the neighbour.",
      "MILLISECONDS",
      milliseconds(1),
      {
        default: "10",
      },
    ),
    single(
      "idle_tx",
      "The time between packets while the session is down.",
      "MILLISECONDS",
      milliseconds(1000),
      {
        default: "1000",
      },
    ),
    single(
      "multiplier",
      "How many packets must be missing.",
      "COUNT",
      integer(1, 255, "5 counts"),
      {
        default: "5",
      },
    ),
    flag("passive", "Waits for the neighbour to begin."),
    ttl,
    synonym("hoplimit", ttl, "Another name of `ttl`."),
    single(
      "max_hops",
      "How many routers a packet may have crossed; -1 and 255 allow any number.",
      "COUNT",
      integer(-1, 255, "0 counts"),
      {
        default: "0",
      },
    ),
    toggle("multihop", "Uses the port of sessions over routers [RFC 5883].", {
      default: "off",
      since: "after 2.2.7",
    }),
    keyword(
      "weight",
      "What the loss of the session changes of the priority; 0: it means FAULT.",
      [argument("WEIGHT", integer(-253, 253, "0 counts"))],
      { default: "0", options: [reverseOption] },
    ),
    flag("vrrp", "Tells only instances about the session."),
    flag("checker", "Tells only virtual servers about the session."),
  ],
};

/** Names of instances, one or more a line. */
export const instanceLine: LineSpec = {
  name: "instance-line",
  summary: "Names of instances.",
  leading: [many("INSTANCE", reference("vrrp_instance"))],
  options: [],
};

/** The block track_group. */
export const trackGroupBlock: BlockSpec = {
  path: "track_group",
  summary:
    "Instances that leave MASTER when a static address, route or rule of the group is removed.",
  keywords: [
    withLines("group", "The instances of the group.", [], instanceLine, {
      missing: "no instance follows static objects",
    }),
  ],
};
