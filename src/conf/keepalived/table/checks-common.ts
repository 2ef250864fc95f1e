// What checks have in common, and the timers that virtual servers and real servers set for them.

import { single, synonym, toggle } from "./entries.ts";
import type { KeywordSpec } from "./keyword-spec.ts";
import {
  address,
  checkSeconds,
  connectSeconds,
  integer,
  interfaceName,
  pauseSeconds,
  port,
  uintMax,
} from "./kinds.ts";

/** Where a value comes from that the block does not name. */
export type TimingLevel = "virtual server" | "real server" | "check";

/** What a check does without a value of its own or of its surroundings. */
export interface TimingDefaults {
  readonly retry: string;
  readonly delayBeforeRetry: string;
  /** Present: nothing of it takes effect. */
  readonly missing?: string;
}

const usual: TimingDefaults = {
  retry: "1; 3 for DNS_CHECK, 0 for MISC_CHECK",
  delayBeforeRetry: "1 second; 3 for HTTP_GET and SSL_GET, `delay_loop` for DNS_CHECK",
};

/** The timers of a level; what a level does not say comes from the one around it. */
export function timingKeywords(
  level: TimingLevel,
  defaults: TimingDefaults = usual,
): readonly KeywordSpec[] {
  const rest = defaults.missing === undefined ? {} : { missing: defaults.missing };
  const around =
    level === "virtual server"
      ? ""
      : level === "real server"
        ? "what the virtual server says, else "
        : "what the real server says, else ";
  const ofChecks = level === "check" ? "" : ", as the default of the checks inside";
  return [
    delayLoopKeyword(ofChecks, around, rest),
    ...retryKeywords(level, defaults),
    single(
      "warmup",
      `The most that the first check waits, by chance, so that not all begin at once; 0: it does not wait${ofChecks}.`,
      "SECONDS",
      pauseSeconds,
      { unset: `${around}what \`delay_loop\` says`, ...rest },
    ),
  ];
}

function delayLoopKeyword(
  ofChecks: string,
  around: string,
  rest: { readonly missing?: string },
): KeywordSpec {
  return single(
    "delay_loop",
    `The time between two checks${ofChecks}.`,
    "SECONDS",
    checkSeconds,
    around === "" ? { default: "60", ...rest } : { unset: `${around}60`, ...rest },
  );
}

function retryKeywords(level: TimingLevel, defaults: TimingDefaults): readonly KeywordSpec[] {
  const rest = defaults.missing === undefined ? {} : { missing: defaults.missing };
  const ofChecks = level === "check" ? "" : ", as the default of the checks inside";
  const around =
    level === "virtual server"
      ? ""
      : level === "real server"
        ? "what the virtual server says, else "
        : "what the real server says, else ";
  const min = level === "check" ? 0 : 1;
  return [
    single(
      "retry",
      `How often a failed check is tried again before the server counts as down${ofChecks}.`,
      "COUNT",
      integer(min, uintMax, "the default counts"),
      { unset: `${around}${defaults.retry}`, ...rest },
    ),
    single(
      "delay_before_retry",
      `The pause before such a try${ofChecks}.`,
      "SECONDS",
      pauseSeconds,
      { unset: `${around}${defaults.delayBeforeRetry}`, ...rest },
    ),
  ];
}

/** How long a connection may take. */
export function connectTimeoutKeyword(level: TimingLevel, missing?: string): KeywordSpec {
  const rest = missing === undefined ? {} : { missing };
  return single(
    "connect_timeout",
    "How long a check waits for a connection, and then for each answer.",
    "SECONDS",
    connectSeconds,
    level === "virtual server"
      ? { default: "5", ...rest }
      : {
          unset: `what the ${level === "check" ? "real" : "virtual"} server says, else 5`,
          ...rest,
        },
  );
}

/** Where a check connects to and from. */
export function connectionKeywords(missing?: string): readonly KeywordSpec[] {
  const rest = missing === undefined ? {} : { missing };
  return [
    single(
      "connect_ip",
      "Checks this address in the place of the real server's.",
      "ADDRESS",
      address,
      {
        unset: "the real server's address",
        ...rest,
      },
    ),
    single("connect_port", "Checks this port in the place of the real server's.", "PORT", port, {
      unset: "the real server's port",
      ...rest,
    }),
    single("bindto", "The address that the check comes from.", "ADDRESS", address, rest),
    single("bind_port", "The port that the check comes from.", "PORT", port, rest),
    single(
      "bind_if",
      "The interface that the check leaves by; a link-local address needs it.",
      "INTERFACE",
      interfaceName,
      { missing: missing ?? "the routes decide" },
    ),
    connectTimeoutKeyword("check", missing),
    single(
      "fwmark",
      "The mark of the check's packets, for rules of the firewall.",
      "MARK",
      integer(0, uintMax, "there is no mark"),
      {
        default: "0",
        missing: missing ?? "the packets carry no mark",
      },
    ),
  ];
}

/** Whether the server counts as down before its first check, and what is logged. */
export function stateKeywords(missing?: string): readonly KeywordSpec[] {
  return [
    toggle("alpha", "Takes the server for down until this check has succeeded once.", {
      unset: "what the real server says",
      missing: missing ?? "the virtual server's `alpha` counts",
    }),
    toggle("log_all_failures", "Logs each failure, and not only those that take the server out.", {
      unset: "what `checker_log_all_failures` says",
      missing: missing ?? "the log shows changes",
    }),
  ];
}

/** The old spelling of `retry`. */
export function oldRetryKeyword(timing: readonly KeywordSpec[], known: boolean): KeywordSpec {
  const retry = timing.find((keyword) => keyword.name === "retry");
  return {
    ...synonym("nb_get_retry", retry as KeywordSpec, "An old spelling of `retry`.", {
      deprecated: {
        advice: known
          ? "write `retry`"
          : "write `retry`: Keelson honours it; keepalived 2 ignores it here, and tries again once",
        rename: "retry",
      },
    }),
    ...(known ? {} : { ours: true as const }),
  };
}

/** The keywords that all checks over a network have. */
export function networkCheckKeywords(defaults: TimingDefaults): readonly KeywordSpec[] {
  return [
    ...connectionKeywords(defaults.missing),
    ...timingKeywords("check", defaults),
    ...stateKeywords(defaults.missing),
  ];
}
