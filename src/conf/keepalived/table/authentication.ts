// authentication: the clear-text password of RFC 2338, section 5.3.6.2.

import { single } from "./entries.ts";
import type { BlockSpec } from "./keyword-spec.ts";
import { choice } from "./kinds.ts";

/** The block authentication. */
export const authenticationBlock: BlockSpec = {
  path: "vrrp_instance/authentication",
  summary:
    "The password of version 2, which every node must share. It is sent in clear text; version 3 has none.",
  keywords: [
    single(
      "auth_type",
      "How adverts are authenticated: PASS sends a password, AH signs them with it, as only keepalived does.",
      "TYPE",
      choice(["PASS", "AH"], "adverts carry no authentication"),
    ),
    single("auth_pass", "The password; 8 bytes of it count.", "PASSWORD", {
      kind: "text",
      bytesMax: 8,
      secret: true,
    }),
  ],
};
