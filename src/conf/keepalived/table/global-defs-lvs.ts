// global_defs: what holds for all virtual servers.

import { flag, keyword, option, synonym, toggle } from "./entries.ts";
import type { KeywordSpec, OptionSpec } from "./keyword-spec.ts";
import {
  address,
  argument,
  choice,
  integer,
  interfaceName,
  optional,
  reference,
  seconds,
} from "./kinds.ts";

const longestTimeoutS = 2_678_400;
const timeoutSeconds = argument("SECONDS", seconds(0, longestTimeoutS, "the default counts"));

const timeouts: readonly OptionSpec[] = [
  option("tcp", "For connections that are established.", [timeoutSeconds]),
  option("tcpfin", "For connections that are closing.", [timeoutSeconds]),
  option("udp", "For UDP.", [timeoutSeconds]),
];

const syncOptions: readonly OptionSpec[] = [
  option("inst", "The instance whose state decides who sends.", [
    argument("INSTANCE", reference("vrrp_instance")),
  ]),
  option("id", "The id that sender and receiver share.", [
    argument("ID", integer(0, 255, "the VRID counts")),
  ]),
  option("maxlen", "The longest packet.", [
    argument("BYTES", integer(1, 65_507, "the MTU decides", "bytes")),
  ]),
  option("port", "The UDP port.", [argument("PORT", integer(1, 65_535, "8848 counts"))]),
  option("ttl", "The TTL of its packets.", [argument("TTL", integer(1, 255, "1 counts"))]),
  option("group", "The multicast group.", [argument("ADDRESS", address)]),
];

const flushOnStop = keyword(
  "lvs_flush_on_stop",
  "Empties the whole table at the stop, instead of removing server by server; with VS virtual server by virtual server.",
  [optional("VS", choice(["VS"], "the word is ignored"))],
);

/** The LVS keywords of global_defs. */
export const lvsKeywords: readonly KeywordSpec[] = [
  keyword(
    "lvs_timeouts",
    "How long connections live without a packet, by kind; what is not named stays as it is.",
    [],
    { options: timeouts, withoutArgument: "nothing changes" },
  ),
  flag("lvs_flush", "Empties the table of virtual servers at the start, foreign ones among them."),
  flushOnStop,
  synonym("lvs_flush_onstop", flushOnStop, "An old spelling of `lvs_flush_on_stop`.", {
    deprecated: { advice: "write `lvs_flush_on_stop`", rename: "lvs_flush_on_stop" },
  }),
  keyword(
    "lvs_sync_daemon",
    "Copies connections to the other director by multicast over an interface: the MASTER of the named instance sends, the others receive.",
    [argument("INTERFACE", interfaceName), optional("INSTANCE", reference("vrrp_instance"))],
    { options: syncOptions, withoutArgument: "nothing is copied" },
  ),
  toggle(
    "checker_log_all_failures",
    "Logs each failure of a check, and not only those that take a server out.",
    { default: "off", missing: "the log shows changes" },
  ),
  toggle("rs_init_notifies", "Runs `notify_up` also for real servers that are up from the start.", {
    default: "off",
    missing: "no such script runs",
  }),
];
