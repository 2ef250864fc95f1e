// What a command line changes in a configuration.

import type { Model } from "../../model/model.ts";
import type { SnmpSettings } from "../../model/notification.ts";
import type { DaemonOptions } from "./daemon-options.ts";

/** The model without the parts that are not to run, and with what the command line asks for. */
export function adaptModel(model: Model, options: DaemonOptions): Model {
  return withLeases(withSnmp(withParts(model, options), options), options);
}

/** Addresses that are to stay when everything has ended must not expire. */
function withLeases(model: Model, { keepAddresses }: DaemonOptions): Model {
  if (!keepAddresses) return model;
  const vrrpInstances = model.vrrpInstances.map((instance) => ({
    ...instance,
    options: { ...instance.options, lease: "no" as const },
  }));
  return { ...model, vrrpInstances };
}

function withParts(model: Model, { parts }: DaemonOptions): Model {
  let adapted = model;
  if (!parts.vrrp) {
    const {
      syncGroups: _groups,
      trackGroups: _trackGroups,
      trackFiles: _files,
      trackProcesses: _processes,
      staticObjects: _objects,
      ...rest
    } = adapted;
    adapted = { ...rest, vrrpInstances: [], vrrpScripts: [] };
  }
  if (!parts.checkers) {
    const { serverGroups: _groups, groupServers: _servers, ...rest } = adapted;
    adapted = { ...rest, virtualServers: [] };
  }
  const sessions = (adapted.bfdSessions ?? []).filter(
    (session) =>
      parts.bfd && ((parts.vrrp && session.forVrrp) || (parts.checkers && session.forCheckers)),
  );
  const { bfdSessions: _sessions, ...rest } = adapted;
  return sessions.length === 0 ? rest : { ...rest, bfdSessions: sessions };
}

function withSnmp(model: Model, { snmp, snmpSocket }: DaemonOptions): Model {
  if (!snmp && snmpSocket === undefined) return model;
  const known = model.global.options?.snmp;
  const before: SnmpSettings = known ?? {
    vrrp: false,
    rfcVersion2: false,
    rfcVersion3: false,
    checkers: false,
    traps: false,
  };
  const all = snmp ? { vrrp: true, rfcVersion2: true, rfcVersion3: true, checkers: true } : {};
  // Only what is served needs a socket.
  if (known === undefined && !snmp) return model;
  const settings: SnmpSettings = {
    ...before,
    ...all,
    ...(snmpSocket === undefined ? {} : { socket: snmpSocket }),
  };
  const options = { ...model.global.options, snmp: settings };
  return { ...model, global: { ...model.global, options } };
}
