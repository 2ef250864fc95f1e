// KEEPALIVED-MIB: version, names, mail, what is switched on.

import { type IpAddress, parseIpAddress } from "../../../base/address.ts";
import type { MailSettings } from "../../../model/notification.ts";
import type { ManagementFacts } from "../../facts.ts";
import { column, type MibGroup, scalars, table } from "../mib-group.ts";
import {
  addressType,
  gauge,
  inetAddress,
  integer,
  octets,
  octetsOrNothing,
  type SnmpValue,
  truth,
} from "../value.ts";
import { globalRoot } from "./identifiers.ts";

const mailOf = ({ model }: ManagementFacts): MailSettings | undefined => model.global.options?.mail;

function mailServer(facts: ManagementFacts): IpAddress | undefined {
  const host = mailOf(facts)?.server?.host;
  const parsed = host === undefined ? undefined : parseIpAddress(host);
  return parsed?.ok === true ? parsed.value : undefined;
}

/** Counters of virtual servers have 64 bits here, always. */
const has64BitCounters = true;
const flushAtStop = { table: 1, "virtual-servers": 3 } as const;
const neverFlushed = 2;

const director = scalars<ManagementFacts>("global", globalRoot, [
  column(1, "version", ({ status }) => octets(`Keelson v${status.version}`)),
  column(2, "routerId", ({ model, status }) =>
    octetsOrNothing(model.global.routerId ?? status.routerId),
  ),
  column(4, "trapEnable", ({ model }) => truth(model.global.options?.snmp?.traps ?? false)),
  column(5, "linkBeat", () => integer(1)),
  column(6, "lvsFlush", ({ model }) => truth(model.global.options?.flushAtStart ?? false)),
  column(7, "ipvs64BitStats", () => truth(has64BitCounters)),
  column(8, "netNamespace", ({ model }) => octets(model.global.options?.netNamespace ?? "")),
  column(9, "dbus", ({ model }) => truth(model.global.options?.dbus !== undefined)),
  column(10, "dynamicInterfaces", ({ model }) =>
    truth(model.global.options?.dynamicInterfaces !== undefined),
  ),
  column(11, "lvsFlushOnStop", ({ model }) => {
    const how = model.global.options?.flushAtStop;
    return integer(how === undefined ? neverFlushed : flushAtStop[how]);
  }),
]);

function mailScalar(
  number: number,
  name: string,
  value: (mail: MailSettings, facts: ManagementFacts) => SnmpValue | undefined,
): ReturnType<typeof column<ManagementFacts>> {
  return column(number, name, (facts) => {
    const mail = mailOf(facts);
    return mail === undefined ? undefined : value(mail, facts);
  });
}

/** on(1), off(2), unset(3). */
function setting(value: boolean | undefined): SnmpValue {
  return value === undefined ? integer(3) : truth(value);
}

const mail = scalars<ManagementFacts>(
  "mail",
  [...globalRoot, 3],
  [
    column(1, "smtpServerAddressType", (facts) => {
      const address = mailServer(facts);
      return address === undefined ? undefined : addressType(address);
    }),
    column(2, "smtpServerAddress", (facts) => {
      const address = mailServer(facts);
      return address === undefined ? undefined : inetAddress(address);
    }),
    mailScalar(3, "smtpServerTimeout", ({ connectTimeoutMs }) => gauge(connectTimeoutMs / 1000)),
    mailScalar(4, "emailFrom", ({ from }) => octetsOrNothing(from)),
    mailScalar(6, "smtpServerPort", ({ server }) =>
      server === undefined ? undefined : gauge(server.port),
    ),
    mailScalar(7, "smtpEmailFaults", ({ faults }) => truth(faults)),
    mailScalar(8, "smtpEmailSmtpAlert", ({ alerts }) => setting(alerts.all)),
    mailScalar(9, "smtpEmailSmtpAlertVrrp", ({ alerts }) => setting(alerts.vrrp)),
    mailScalar(10, "smtpEmailSmtpAlertChecker", ({ alerts }) => setting(alerts.checkers)),
  ],
);

const recipients = table<ManagementFacts, string>({
  name: "emailTable",
  entry: [...globalRoot, 3, 5, 1],
  columns: [column(2, "emailAddress", octets)],
  rows: (facts) => (mailOf(facts)?.to ?? []).map((row, i) => ({ index: [i + 1], row })),
});

/** The global objects. */
export const globalGroups: readonly MibGroup<ManagementFacts>[] = [director, mail, recipients];
