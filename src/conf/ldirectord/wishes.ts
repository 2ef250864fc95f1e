// What counts for one virtual server: its own lines, else the global ones, else ldirectord's defaults.

import type { Span } from "../text/diagnostic.ts";
import type {
  CheckType,
  DirectiveName,
  LdirectordConfiguration,
  Setting,
  SettingOf,
  VirtualSection,
} from "./configuration.ts";
import { settingOf, settingValue } from "./configuration.ts";
import { portOfService, type ServiceName, serviceOfPort } from "./services.ts";

/** One virtual server with everything decided. Times are in seconds. */
export interface VirtualWish {
  readonly section: VirtualSection;
  readonly protocol: "tcp" | "udp" | "fwm";
  readonly checkType: CheckType;
  readonly service: ServiceName;
  /** True: `service=` says something that nobody knows; a connection is the check. */
  readonly unknownService: boolean;
  readonly checkTimeoutS: number;
  readonly negotiateTimeoutS: number;
  readonly checkIntervalS: number;
  readonly failureCount: number;
  readonly quiescent: boolean;
  readonly fallback?: SettingOf<"fallback"> | SettingOf<"fallback6">;
  /** Where it is written what counts; the virtual server's own place for defaults. */
  readonly spans: Readonly<Record<TimedValue, Span>>;
}

export type TimedValue =
  | "checkTimeoutS"
  | "negotiateTimeoutS"
  | "checkIntervalS"
  | "failureCount"
  | "quiescent";

/** A line that counts, or nothing. */
interface CountingValue<Value> {
  readonly value?: Value;
  readonly span: Span;
}

const checkTimeoutDefaultS = 5;
const negotiateTimeoutDefaultS = 30;
const checkIntervalDefaultS = 10;

/** The last line of a directive that counts for a virtual server, its own or a global one. */
export function countingSetting<Name extends DirectiveName>(
  name: Name,
  section: VirtualSection,
  global: readonly Setting[],
): SettingOf<Name> | undefined {
  return settingOf(section.settings, name) ?? settingOf(global, name);
}

/** Decides what counts. */
export function wishOf(
  section: VirtualSection,
  configuration: LdirectordConfiguration,
): VirtualWish {
  const global = configuration.settings;
  const own = section.settings;
  const isMark = section.target?.kind === "fwmark";
  const port = section.target?.kind === "endpoint" ? section.target.port : 0;
  const serviceLine = own.findLast((setting) => setting.name === "service");
  const fallback =
    section.family === 4
      ? countingSetting("fallback", section, global)
      : countingSetting("fallback6", section, global);
  const first = <Value>(
    settings: readonly (CountingValue<Value> | undefined)[],
    otherwise: Value,
  ): CountingValue<Value> & { readonly value: Value } => {
    const found = settings.find((setting) => setting?.value !== undefined);
    return { span: found?.span ?? section.span, value: found?.value ?? otherwise };
  };
  const check = [settingOf(own, "checktimeout"), settingOf(global, "checktimeout")] as const;
  const negotiate = [
    settingOf(own, "negotiatetimeout"),
    settingOf(global, "negotiatetimeout"),
  ] as const;
  const checkTimeout = first(
    [check[0], negotiate[0], check[1], negotiate[1]],
    checkTimeoutDefaultS,
  );
  const negotiateTimeout = first(
    [negotiate[0], check[0], negotiate[1], check[1]],
    negotiateTimeoutDefaultS,
  );
  const counting = <Name extends DirectiveName>(name: Name): SettingOf<Name> | undefined =>
    countingSetting(name, section, global);
  const interval = first([counting("checkinterval")], checkIntervalDefaultS);
  const failures = first([counting("failurecount")], 1);
  const quiescent = first([counting("quiescent")], false);
  return {
    section,
    protocol: isMark ? "fwm" : (settingValue(own, "protocol") ?? (port === 53 ? "udp" : "tcp")),
    checkType: settingValue(own, "checktype") ?? { kind: "negotiate" },
    service: settingValue(own, "service") ?? (isMark ? "none" : serviceOfPort(port)),
    unknownService: serviceLine !== undefined && serviceLine.value === undefined,
    checkTimeoutS: checkTimeout.value,
    negotiateTimeoutS: negotiateTimeout.value,
    checkIntervalS: interval.value,
    failureCount: failures.value,
    quiescent: quiescent.value,
    spans: {
      checkTimeoutS: checkTimeout.span,
      negotiateTimeoutS: negotiateTimeout.span,
      checkIntervalS: interval.span,
      failureCount: failures.span,
      quiescent: quiescent.span,
    },
    ...(fallback === undefined ? {} : { fallback }),
  };
}

/** The port at which a real server is checked; undefined when nothing says it. */
export function checkPortOf(wish: VirtualWish, realPort: number): number | undefined {
  const written = settingValue(wish.section.settings, "checkport");
  if (written !== undefined) return written;
  if (realPort > 0) return realPort;
  const byService = portOfService(wish.service);
  if (byService !== undefined) return byService;
  return wish.section.target?.kind === "endpoint" ? wish.section.target.port : undefined;
}
