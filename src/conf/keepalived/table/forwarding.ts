// How packets reach a real server: NAT, DR or TUN, with the options of tunnels.

import type { Rest } from "./entries.ts";
import { keyword, option } from "./entries.ts";
import type { KeywordSpec, OptionSpec } from "./keyword-spec.ts";
import { argument, choice, port } from "./kinds.ts";

const ipip = "the tunnel is IP in IP";
const noChecksum = "the tunnel carries no checksum";

/** Words behind TUN. */
const tunnelOptions: readonly OptionSpec[] = [
  option(
    "type",
    "What the tunnel is: IP in IP, GUE, which is UDP, or GRE.",
    [argument("TYPE", choice(["ipip", "gue", "gre"], ipip))],
    { missing: ipip },
  ),
  option("port", "The UDP port of a GUE tunnel, which needs one.", [argument("PORT", port)], {
    missing: ipip,
  }),
  option("nocsum", "Sends no checksum, which is what happens anyway.", [], { missing: ipip }),
  option("csum", "Protects the packets of a GUE or GRE tunnel by a checksum.", [], {
    missing: noChecksum,
    excludes: ["nocsum", "remcsum"],
  }),
  option("remcsum", "Sends the checksum of a GUE tunnel in a shorter form.", [], {
    missing: noChecksum,
    excludes: ["nocsum", "csum"],
  }),
];

/** A tunnel option is out of place behind NAT and DR, and GUE needs a port. */
function checkForwarding(words: readonly string[]): string | undefined {
  const method = words[1];
  const options = words.slice(2);
  const first = options[0];
  if (first === undefined) return undefined;
  if (method !== "TUN") return `\`${first}\` is an option of TUN, not of \`${method}\``;
  const type = options.includes("type") ? options[options.indexOf("type") + 1] : "ipip";
  const gue = type === "gue";
  if (type === "ipip" && (options.includes("csum") || options.includes("remcsum")))
    return "a tunnel of IP in IP has no checksum";
  if (type === "gre" && options.includes("remcsum")) return "a GRE tunnel has no `remcsum`";
  if (gue && !options.includes("port")) return "a GUE tunnel needs a `port`";
  if (!gue && options.includes("port")) return "`port` belongs to a tunnel of `type gue`";
  return undefined;
}

/** A keyword with a forwarding method; `effect` says what counts when it is none. */
export function forwardingKeyword(
  name: string,
  summary: string,
  effect: string,
  rest: Rest = {},
): KeywordSpec {
  return keyword(name, summary, [argument("METHOD", choice(["NAT", "DR", "TUN"], effect))], {
    options: tunnelOptions,
    check: checkForwarding,
    ...rest,
  });
}
