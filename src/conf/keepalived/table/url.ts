// url: one page that HTTP_GET or SSL_GET fetches.

import { flag, keyword, single, toggle } from "./entries.ts";
import type { BlockSpec, FormReading, KeywordSpec } from "./keyword-spec.ts";
import { argument, choice, form, integer, many, text, uintMax } from "./kinds.ts";

const noRegex = "any body passes";

/** The options of PCRE2 that keepalived knows by name. */
const regexOptions = [
  ...["allow_empty_class", "alt_bsux", "auto_callout", "caseless", "dollar_endonly", "dotall"],
  ...["dupnames", "extended", "firstline", "match_unset_backref", "multiline", "never_ucp"],
  ...["never_utf", "no_auto_capture", "no_auto_possess", "no_dotstar_anchor"],
  ...["no_start_optimize", "ucp", "ungreedy", "utf", "never_backslash_c", "alt_circumflex"],
  ...["alt_verbnames", "use_offset_limit"],
];

function readDigest(word: string): FormReading {
  if (/^[0-9a-fA-F]{32}$/.test(word)) return { ok: true, value: word.toLowerCase() };
  return {
    ok: false,
    message: "a digest is 32 hexadecimal digits, the MD5 of the body",
    otherwise: { instead: "it is ignored: any body passes" },
  };
}

function readStatusCode(word: string): FormReading {
  const match = /^(\d{3})(?:-(\d{3}))?$/.exec(word);
  const from = Number(match?.[1]);
  const to = Number(match?.[2] ?? match?.[1]);
  if (match !== null && from >= 100 && to <= 599 && from <= to) return { ok: true, value: word };
  return {
    ok: false,
    message: `\`${word}\` is no status code and no range of them`,
    otherwise: "stop",
  };
}

function urlKeywords(missing: string | undefined): readonly KeywordSpec[] {
  const rest = missing === undefined ? {} : { missing };
  const regex = { missing: missing ?? noRegex };
  return [
    single(
      "path",
      "What is asked for: the part of the address behind the host.",
      "PATH",
      text,
      rest,
    ),
    single(
      "digest",
      "The MD5 of the body, in 32 hexadecimal digits.",
      "DIGEST",
      form("32 hexadecimal digits", readDigest),
      rest,
    ),
    keyword(
      "status_code",
      "The status codes that mean success: single ones and ranges.",
      [many("CODE", form("CODE or CODE-CODE, from 100 to 599", readStatusCode))],
      { default: "200-299", withoutArgument: "200 to 299 count", ...rest },
    ),
    single("virtualhost", "The name in the Host header of this page.", "HOST", text, {
      unset: "what the check, the real server or the virtual server says",
      withoutArgument: "the surrounding blocks decide",
      ...rest,
    }),
    single("regex", "An expression [PCRE2] that the body must match.", "EXPRESSION", text, {
      withoutArgument: "any body passes",
      ...regex,
    }),
    flag("regex_no_match", "Turns it around: the body must not match.", regex),
    keyword(
      "regex_options",
      "Options of the expression, by PCRE2's names.",
      [many("OPTION", choice(regexOptions, "the word is ignored"))],
      { withoutArgument: "there is no option", ...regex },
    ),
    single(
      "regex_min_offset",
      "Where in the body the search begins.",
      "BYTES",
      integer(0, uintMax, "the whole body is searched", "bytes"),
      {
        default: "0",
        withoutArgument: "the whole body is searched",
        ...regex,
      },
    ),
    single(
      "regex_max_offset",
      "Where in the body a match must have begun; 0: anywhere.",
      "BYTES",
      integer(0, uintMax, "the whole body is searched", "bytes"),
      {
        default: "0",
        withoutArgument: "the whole body is searched",
        ...regex,
      },
    ),
    keyword(
      "regex_stack",
      "The memory of the expression's machine at the start and at most.",
      [
        argument("START", integer(0, uintMax, "PCRE2's own size counts", "bytes")),
        argument("MAX", integer(0, uintMax, "PCRE2's own size counts", "bytes")),
      ],
      { unset: "PCRE2's own size", withoutArgument: "PCRE2's own size counts", ...regex },
    ),
  ];
}

const summary =
  "One page to fetch. Its status code, digest and text decide, as far as they are named.";
const noSsl = "this check does not run";

/** The block url of HTTP_GET. */
export const httpUrlBlock: BlockSpec = {
  path: "virtual_server/real_server/HTTP_GET/url",
  summary,
  keywords: urlKeywords(undefined),
};

/** The block url of SSL_GET. */
export const sslUrlBlock: BlockSpec = {
  path: "virtual_server/real_server/SSL_GET/url",
  summary,
  keywords: [
    ...urlKeywords(noSsl),
    toggle("tls_compliant", "Ends the connection as TLS wants, with close_notify.", {
      unset: "what the check says",
      since: "after 2.2.7",
      missing: noSsl,
    }),
  ],
};
