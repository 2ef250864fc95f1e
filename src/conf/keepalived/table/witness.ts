// witness: a third party that tells a router whether it is the cut-off half of a network. Keelson's own.

import { keyword, single, withLines } from "./entries.ts";
import type { BlockSpec, KeywordSpec } from "./keyword-spec.ts";
import { address, argument, clamped, integer, intMax, path, reference, seconds } from "./kinds.ts";

const port = integer(1, 65_535, "the witness is left out");
const ours = { ours: true } as const;

/** The block witness. */
export const witnessBlock: BlockSpec = {
  path: "witness",
  summary:
    "A third party that an instance must see to become or to stay MASTER: a gateway, a server, another node.",
  keywords: [
    single("ping", "Asks an address with ICMP echo requests.", "ADDRESS", address, ours),
    keyword(
      "tcp",
      "Asks by opening a TCP connection.",
      [argument("ADDRESS", address), argument("PORT", port)],
      ours,
    ),
    keyword(
      "http",
      "Asks by an HTTP request; a status from 200 to 399 is an answer.",
      [argument("ADDRESS", address), argument("PORT", port), argument("PATH", path)],
      ours,
    ),
    single(
      "interval",
      "The time from one question to the next.",
      "SECONDS",
      seconds(0.05, 3600, "1 second counts"),
      { default: "1", ours: true },
    ),
    single(
      "timeout",
      "How long an answer may take.",
      "SECONDS",
      seconds(0.01, 3600, "the interval counts"),
      { unset: "the interval", ours: true },
    ),
    single(
      "rise",
      "How many answers in a row make it seen.",
      "COUNT",
      clamped(1, intMax, "1 counts"),
      { default: "1", ours: true },
    ),
    single(
      "fall",
      "How many missing answers in a row make it not seen.",
      "COUNT",
      clamped(1, intMax, "3 counts"),
      { default: "3", ours: true },
    ),
  ],
};

/** What an instance says of witnesses. */
export const witnessKeywords: readonly KeywordSpec[] = [
  withLines(
    "track_witness",
    "Witnesses that the instance must see: without them it does not become, or stay, MASTER.",
    [],
    {
      name: "witness-line",
      summary: "One witness a line.",
      leading: [argument("WITNESS", reference("witness"))],
      options: [],
    },
    ours,
  ),
  single(
    "witness_quorum",
    "How many of the witnesses must be seen.",
    "COUNT",
    clamped(1, intMax, "1 counts"),
    { default: "1", ours: true },
  ),
];
