// SSL: what all SSL_GET checks show to servers.

import { single } from "./entries.ts";
import type { BlockSpec } from "./keyword-spec.ts";
import { path } from "./kinds.ts";

const missing = "SSL_GET does not run";

/** The block SSL. */
export const sslBlock: BlockSpec = {
  path: "SSL",
  summary: "The certificate that SSL_GET shows to servers. Without the block it shows none.",
  keywords: [
    single(
      "password",
      "The password of the key.",
      "PASSWORD",
      { kind: "text", secret: true },
      { missing },
    ),
    single(
      "ca",
      "The file with certificates of authorities. Servers' certificates are not verified with it.",
      "FILE",
      path,
      {
        missing,
      },
    ),
    single("certificate", "The file with the certificate.", "FILE", path, { missing }),
    single("key", "The file with the key of the certificate.", "FILE", path, { missing }),
  ],
};
