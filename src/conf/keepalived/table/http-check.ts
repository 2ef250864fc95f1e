// HTTP_GET and SSL_GET.

import { networkCheckKeywords, oldRetryKeyword, type TimingDefaults } from "./checks-common.ts";
import { keyword, single, toggle, withBlock } from "./entries.ts";
import type { BlockSpec, KeywordSpec } from "./keyword-spec.ts";
import { choice, optional, text } from "./kinds.ts";
import { httpUrlBlock, sslUrlBlock } from "./url.ts";

const noSsl = "this check does not run";
const http: TimingDefaults = { retry: "1", delayBeforeRetry: "3" };

function webKeywords(missing: string | undefined): readonly KeywordSpec[] {
  const defaults = missing === undefined ? http : { ...http, missing };
  const common = networkCheckKeywords(defaults);
  return [
    ...common,
    oldRetryKeyword(common, true),
    single("virtualhost", "The name in the Host header.", "HOST", text, {
      unset: "what the real server or the virtual server says, else the address",
      withoutArgument: "the surrounding blocks decide",
      ...(missing === undefined ? {} : { missing }),
    }),
    single(
      "http_protocol",
      "The version of HTTP; 1.0C is 1.0 that asks for the connection to be closed.",
      "VERSION",
      choice(["1.0", "1.0C", "1.0c", "1.1"], "1.0 counts"),
      { default: "1.0", withoutArgument: "1.0 counts", missing: missing ?? "1.0 counts" },
    ),
    toggle("enable_sni", "Tells the server the name of the host when TLS begins.", {
      default: "off",
      missing: missing ?? "nothing: there is no TLS here",
    }),
    keyword(
      "sni_name",
      "The name that is told when TLS begins, if not that of `virtualhost`.",
      [optional("HOST", text)],
      {
        unset: "what `virtualhost` says",
        since: "after 2.4.3",
        missing: missing ?? "nothing: there is no TLS here",
      },
    ),
    toggle(
      "fast_recovery",
      "Fetches all pages at once at the start and after a failure, and not one each `delay_loop`.",
      {
        default: "off",
        missing: missing ?? "one page is fetched each `delay_loop`",
      },
    ),
  ];
}

/** The block HTTP_GET. */
export const httpGetBlock: BlockSpec = {
  path: "virtual_server/real_server/HTTP_GET",
  summary: "Fetches pages by HTTP. The server is up while each page is as it should be.",
  keywords: [
    ...webKeywords(undefined),
    withBlock("url", "One page to fetch; there may be several.", [], httpUrlBlock),
  ],
};

/** The block SSL_GET. */
export const sslGetBlock: BlockSpec = {
  path: "virtual_server/real_server/SSL_GET",
  summary: "Fetches pages by HTTPS. The server's certificate is not verified, as with keepalived.",
  keywords: [
    ...webKeywords(noSsl),
    toggle("tls_compliant", "Ends connections as TLS wants, with close_notify.", {
      default: "off",
      since: "after 2.2.7",
      missing: noSsl,
    }),
    withBlock("url", "One page to fetch; there may be several.", [], sslUrlBlock, {
      missing: noSsl,
    }),
  ],
};
