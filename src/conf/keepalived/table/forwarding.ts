// How packets reach a real server: NAT, DR, TUN or FULLNAT, with the options of tunnels and of FULLNAT.

import type { Rest } from "./entries.ts";
import { keyword, option } from "./entries.ts";
import type { KeywordSpec, OptionSpec } from "./keyword-spec.ts";
import { address, argument, choice, port } from "./kinds.ts";

const ipip = "the tunnel is IP in IP";

/** Words behind TUN. */
const tunnelOptions: readonly OptionSpec[] = [
  option("type", "What the tunnel is: IP in IP, GUE, which is UDP, or GRE.", [
    argument("TYPE", choice(["ipip", "gue", "gre"], ipip)),
  ]),
  option("port", "The UDP port of a GUE tunnel, which needs one.", [argument("PORT", port)]),
  option("nocsum", "Sends no checksum, which is what happens anyway.", []),
  option("csum", "Protects the packets of a GUE or GRE tunnel by a checksum.", [], {
    excludes: ["nocsum", "remcsum"],
  }),
  option("remcsum", "Sends the checksum of a GUE tunnel in a shorter form.", [], {
    excludes: ["nocsum", "csum"],
  }),
];

/** Words behind FULLNAT, which keepalived does not have. */
const fullNatOptions: readonly OptionSpec[] = [
  option(
    "source",
    "FULLNAT only: an address of this director that stands for clients, once for each; without it the one that the route prefers.",
    [argument("ADDRESS", address)],
    { repeats: true },
  ),
  option(
    "client",
    "FULLNAT only: how the real server learns the client's address, by a TCP option or by a PROXY protocol v2 header.",
    [argument("WAY", choice(["tcp-option", "proxy-protocol"], "the server does not learn it"))],
  ),
];

const namesOf = (options: readonly OptionSpec[]): ReadonlySet<string> =>
  new Set(options.map(({ name }) => name));
const ofTunnels = namesOf(tunnelOptions);
const ofFullNat = namesOf(fullNatOptions);

/** An option is out of place behind another method, and GUE needs a port. */
function checkForwarding(words: readonly string[]): string | undefined {
  const method = words[1];
  const options = words.slice(2);
  if (options.length === 0) return undefined;
  if (method !== "TUN") {
    const first = options.find((word) => ofTunnels.has(word));
    if (first !== undefined) return `\`${first}\` is an option of TUN, not of \`${method}\``;
  }
  if (method !== "FULLNAT") {
    const first = options.find((word) => ofFullNat.has(word));
    if (first !== undefined) return `\`${first}\` is an option of FULLNAT, not of \`${method}\``;
  }
  return method === "TUN" ? checkTunnel(options) : undefined;
}

function checkTunnel(options: readonly string[]): string | undefined {
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
  return keyword(
    name,
    summary,
    [argument("METHOD", choice(["NAT", "DR", "TUN", "FULLNAT"], effect))],
    {
      options: [...tunnelOptions, ...fullNatOptions],
      check: checkForwarding,
      ...rest,
    },
  );
}
