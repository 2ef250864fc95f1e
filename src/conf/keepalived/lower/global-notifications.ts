// global_defs: mail, FIFOs, SNMP and D-Bus.

import type { GlobalOptions } from "../../../model/global-options.ts";
import type {
  EventFifo,
  EventFifos,
  MailSettings,
  MailTls,
  SnmpSettings,
} from "../../../model/notification.ts";
import { type Section, settingOf } from "../section.ts";
import { accountOf, programFor } from "./programs.ts";
import { asNumber, asText, flagOf, given, numberOf, textOf } from "./setting-values.ts";
import { namesIn } from "./tracking.ts";

/** What is told to whom, as far as something is said about it. */
export function notificationsOf(
  defs: Section,
): Pick<GlobalOptions, "mail" | "fifos" | "snmp" | "dbus"> {
  const dbus = settingOf(defs, "enable_dbus");
  return {
    ...given({ mail: mailOf(defs), fifos: fifosOf(defs), snmp: snmpOf(defs) }),
    ...(dbus === undefined ? {} : { dbus: { service: textOf(defs, "dbus_service_name") ?? "" } }),
  };
}

const mailKeywords: ReadonlySet<string> = new Set([
  ...["smtp_server", "notification_email", "notification_email_from", "smtp_helo_name"],
  ...["smtp_connect_timeout", "smtp_alert", "smtp_alert_vrrp", "smtp_alert_checker"],
  ...["no_email_faults", "no_checker_emails", "smtp_auth", "smtp_tls"],
]);

const modes: readonly MailTls["mode"][] = ["none", "starttls", "require", "tls"];

function mailOf(defs: Section): MailSettings | undefined {
  if (!defs.settings.some(({ spec }) => mailKeywords.has(spec.name))) return undefined;
  const server = settingOf(defs, "smtp_server");
  const host = asText(server?.values[0]);
  const timeoutS = numberOf(defs, "smtp_connect_timeout") ?? 30;
  return {
    ...(host === undefined ? {} : { server: { host, port: asNumber(server?.values[1]) ?? 25 } }),
    ...given({
      from: textOf(defs, "notification_email_from"),
      heloName: textOf(defs, "smtp_helo_name"),
    }),
    to: namesIn(defs, "notification_email"),
    connectTimeoutMs: timeoutS * 1000,
    ...given({ login: loginOf(defs), tls: tlsOf(defs) }),
    alerts: given({
      all: flagOf(defs, "smtp_alert"),
      vrrp: flagOf(defs, "smtp_alert_vrrp"),
      checkers: flagOf(defs, "smtp_alert_checker"),
    }),
    faults: settingOf(defs, "no_email_faults") === undefined,
    eachCheck: flagOf(defs, "no_checker_emails") !== true,
  };
}

function loginOf(defs: Section): MailSettings["login"] {
  const values = settingOf(defs, "smtp_auth")?.values;
  const user = asText(values?.[0]);
  const password = asText(values?.[1]);
  return user === undefined || password === undefined ? undefined : { user, password };
}

function tlsOf(defs: Section): MailTls | undefined {
  const values = settingOf(defs, "smtp_tls")?.values;
  const mode = modes.find((one) => one === values?.[0]);
  return mode && { mode, ...given({ authorities: asText(values?.[1]) }) };
}

function fifosOf(defs: Section): EventFifos | undefined {
  const fifos = given({
    all: fifoOf(defs, "notify_fifo"),
    vrrp: fifoOf(defs, "vrrp_notify_fifo"),
    balancer: fifoOf(defs, "lvs_notify_fifo"),
  });
  if (Object.keys(fifos).length === 0) return undefined;
  return {
    ...fifos,
    priorityChanges: flagOf(defs, "vrrp_notify_priority_changes") ?? false,
    statesOnReload: settingOf(defs, "fifo_write_vrrp_states_on_reload") !== undefined,
  };
}

function fifoOf(defs: Section, keyword: string): EventFifo | undefined {
  const setting = settingOf(defs, keyword);
  const path = asText(setting?.values[0]);
  if (setting === undefined || path === undefined) return undefined;
  const program = programFor(defs, `${keyword}_script`);
  return { path, ...accountOf(setting, 1), ...given({ program }) };
}

function snmpOf(defs: Section): SnmpSettings | undefined {
  const has = (keyword: string): boolean => settingOf(defs, keyword) !== undefined;
  const rfc = has("enable_snmp_rfc");
  const settings: SnmpSettings = {
    ...given({ socket: textOf(defs, "snmp_socket") }),
    vrrp: has("enable_snmp_vrrp"),
    rfcVersion2: rfc || has("enable_snmp_rfcv2"),
    rfcVersion3: rfc || has("enable_snmp_rfcv3"),
    checkers: has("enable_snmp_checker"),
    traps: has("enable_traps"),
  };
  return Object.values(settings).some((value) => value !== false) ? settings : undefined;
}
