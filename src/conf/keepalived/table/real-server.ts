// real_server: one destination of a virtual server.

import {
  bfdCheckBlock,
  dnsCheckBlock,
  fileCheckBlock,
  miscCheckBlock,
  pingCheckBlock,
  smtpCheckBlock,
  tcpCheckBlock,
  udpCheckBlock,
} from "./checks.ts";
import { connectTimeoutKeyword, timingKeywords } from "./checks-common.ts";
import { keyword, single, synonym, toggle, withBlock } from "./entries.ts";
import { forwardingKeyword } from "./forwarding.ts";
import { httpGetBlock, sslGetBlock } from "./http-check.ts";
import type { BlockSpec, KeywordSpec } from "./keyword-spec.ts";
import { commandWithUser, integer, text, uintMax } from "./kinds.ts";

const missing = "this check does not run";

const forwarding = forwardingKeyword(
  "lvs_method",
  "How packets reach the server, where that differs from the others.",
  "the virtual server's method counts",
  { unset: "what the virtual server says" },
);

const threshold = integer(0, uintMax, "there is no threshold");

const checkKeywords: readonly KeywordSpec[] = [
  withBlock("TCP_CHECK", "Checks the server by opening a connection.", [], tcpCheckBlock),
  withBlock("HTTP_GET", "Checks the server by fetching pages.", [], httpGetBlock),
  withBlock("SSL_GET", "Checks the server by fetching pages over TLS.", [], sslGetBlock, {
    missing,
  }),
  withBlock("MISC_CHECK", "Checks the server by running a program.", [], miscCheckBlock, {
    missing,
  }),
  withBlock("SMTP_CHECK", "Checks a mail server.", [], smtpCheckBlock, { missing }),
  withBlock("DNS_CHECK", "Checks a name server.", [], dnsCheckBlock, { missing }),
  withBlock("UDP_CHECK", "Checks the server with a UDP packet.", [], udpCheckBlock, { missing }),
  withBlock("PING_CHECK", "Checks the server with ICMP echo requests.", [], pingCheckBlock, {
    missing,
  }),
  withBlock("FILE_CHECK", "Takes a part of the weight from a file.", [], fileCheckBlock, {
    missing,
  }),
  withBlock("BFD_CHECK", "Follows a BFD session.", [], bfdCheckBlock, { missing }),
];

/** The block real_server. */
export const realServerBlock: BlockSpec = {
  path: "virtual_server/real_server",
  summary: "One server that takes connections, with its weight and the checks that it must pass.",
  keywords: [
    single(
      "weight",
      "Its share of new connections. 0 sends it none and keeps those it has.",
      "WEIGHT",
      integer(0, 65_535, "stop"),
      { unset: "what the virtual server says, else 1" },
    ),
    forwarding,
    // keepalived knows this spelling in the virtual server only.
    synonym("lb_kind", forwarding, "The spelling of `lvs_method` that virtual servers have.", {
      deprecated: {
        advice: "write `lvs_method`: keepalived ignores it here",
        rename: "lvs_method",
      },
      ours: true,
    }),
    toggle("inhibit_on_failure", "Gives a failed server the weight 0 instead of removing it.", {
      unset: "what the virtual server says",
    }),
    single(
      "uthreshold",
      "The most connections at a time; above it the server gets no new ones. 0: any number.",
      "COUNT",
      threshold,
      {
        default: "0",
      },
    ),
    single(
      "lthreshold",
      "Below it a server above its upper threshold gets new connections again. 0: three quarters of that.",
      "COUNT",
      threshold,
      {
        default: "0",
      },
    ),
    keyword("notify_up", "Runs when the server becomes usable.", commandWithUser, {
      missing: "the program does not run",
    }),
    keyword("notify_down", "Runs when the server is no longer usable.", commandWithUser, {
      missing: "the program does not run",
    }),
    toggle("alpha", "Takes the server for down until its checks have succeeded once.", {
      unset: "what the virtual server says",
    }),
    toggle("smtp_alert", "Sends a mail when the server comes or goes.", {
      unset: "what global_defs says, else on",
      missing: "no mail is sent",
    }),
    single("virtualhost", "The name in the Host header of its checks.", "HOST", text, {
      unset: "what the virtual server says",
      withoutArgument: "the virtual server's name counts",
    }),
    single("snmp_name", "A text by which SNMP shows the server.", "NAME", text, {
      withoutArgument: "there is none",
    }),
    ...timingKeywords("real server"),
    connectTimeoutKeyword("real server"),
    ...checkKeywords,
  ],
};
