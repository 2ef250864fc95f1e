// NAT, DR or TUN, with the options of tunnels.

import type { ForwardingMethod } from "../../../model/virtual-server.ts";
import type { Line } from "../language/expand.ts";
import type { Lowering } from "./lowering.ts";

const methods: readonly ForwardingMethod[] = ["NAT", "DR", "TUN"];

/** Reads a forwarding method; `otherwise` says what counts when it is none. */
export function lowerForwarding(
  line: Line,
  otherwise: string,
  lowering: Lowering,
): ForwardingMethod | undefined {
  const word = lowering.argument(line);
  const method = word && lowering.choice(line, word, methods, otherwise);
  const option = line.words[2];
  if (method === "TUN" && option !== undefined)
    lowering.report(lowering.span(line, option), {
      severity: "warning",
      code: "keyword-not-acted-on",
      message: `the tunnel option \`${option.text}\` is read, but Keelson does not act on it yet`,
      effect: "the tunnel is IP in IP",
    });
  else lowering.extraWords(line, 2);
  return method;
}
