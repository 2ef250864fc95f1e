// Checks that no prober serves yet, as the configuration wishes them.

import type { IpAddress } from "../base/address.ts";
import type { Program } from "./program.ts";
import type { CheckTarget, CheckTiming, HttpRequest } from "./virtual-server.ts";

/** What every check has. */
interface CheckBase {
  readonly timing: CheckTiming;
  /** Absent: the real server's setting counts [alpha]. */
  readonly alpha?: boolean;
}

/** What a check that connects has. */
interface ConnectingCheck extends CheckBase {
  readonly target: CheckTarget;
  readonly bindInterface?: string;
  readonly fwmark?: number;
}

/** A record that a name server is asked for. */
export interface DnsQuestion {
  readonly type: string;
  readonly name: string;
}

export type PlannedCheck =
  | (ConnectingCheck & {
      readonly kind: "SSL_GET";
      readonly requests: readonly HttpRequest[];
      readonly serverName: boolean;
    })
  | (ConnectingCheck & { readonly kind: "SMTP_CHECK"; readonly heloName?: string })
  | (ConnectingCheck & { readonly kind: "DNS_CHECK"; readonly question: DnsQuestion })
  | (ConnectingCheck & {
      readonly kind: "UDP_CHECK";
      /** Hexadecimal digits. */
      readonly payload?: string;
      /** Present: an answer is required, which begins with these digits; `x` stands for any. */
      readonly reply?: string;
      readonly replyBytesMin: number;
      readonly replyBytesMax: number;
    })
  | (CheckBase & { readonly kind: "PING_CHECK"; readonly address: IpAddress })
  | (CheckBase & {
      readonly kind: "MISC_CHECK";
      readonly program: Program;
      readonly timeoutMs: number;
      /** True: the exit status gives the weight [misc_dynamic]. */
      readonly dynamicWeight: boolean;
    })
  | (CheckBase & {
      readonly kind: "FILE_CHECK";
      readonly file: string;
      readonly weight?: number;
      readonly reverse?: boolean;
    })
  | (CheckBase & { readonly kind: "BFD_CHECK"; readonly session: string });
