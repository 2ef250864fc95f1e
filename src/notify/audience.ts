// Who wants to hear of what: the parts of a configuration that notifications are made from.

import type { GlobalOptions } from "../model/global-options.ts";
import type { Model } from "../model/model.ts";
import type { EventFifos, MailSettings, NotifyPrograms } from "../model/notification.ts";
import { checkedServers } from "../model/server-group.ts";
import { type VirtualServer, virtualServerName } from "../model/virtual-server.ts";
import { subjectKey } from "./event.ts";

/** Who hears of one instance or sync group. */
export interface SubjectAudience {
  readonly programs: NotifyPrograms;
  readonly mail: boolean;
  /** True: changes of priority go to the FIFOs. */
  readonly priorityLines: boolean;
}

/** Who hears of anything. */
export interface Audience {
  /** The name of this router in mails [router_id]. */
  readonly routerName: string;
  /** By `subjectKey`. */
  readonly subjects: ReadonlyMap<string, SubjectAudience>;
  /** By `virtualServerName`. */
  readonly virtualServers: ReadonlyMap<string, VirtualServer>;
  readonly fifos: EventFifos | undefined;
  /** Absent: no mail leaves. */
  readonly mail: MailSettings | undefined;
}

/** The audience of a configuration; `hostName` stands for a router without a name. */
export function audienceOf(model: Model, hostName: string): Audience {
  const options: GlobalOptions = model.global.options ?? {};
  const { mail, fifos } = options;
  const alerts = mail?.alerts.vrrp ?? mail?.alerts.all ?? false;
  const priorities = options.vrrp?.notifyPriorityChanges ?? fifos?.priorityChanges ?? false;
  const groups = model.syncGroups ?? [];
  const groupOf = new Map(groups.flatMap((one) => one.members.map((name) => [name, one] as const)));
  const subjects = new Map<string, SubjectAudience>();
  for (const { name, options: own } of model.vrrpInstances)
    subjects.set(subjectKey({ type: "INSTANCE", name }), {
      programs: own?.notify ?? {},
      mail: own?.mail ?? alerts,
      priorityLines:
        own?.notifyPriorityChanges ?? groupOf.get(name)?.notifyPriorityChanges ?? priorities,
    });
  for (const group of groups)
    subjects.set(subjectKey({ type: "GROUP", name: group.name }), {
      programs: group.notify,
      mail: group.mail ?? alerts,
      priorityLines: false,
    });
  return {
    routerName: model.global.routerId ?? hostName,
    subjects,
    virtualServers: new Map(
      checkedServers(model).map((server) => [virtualServerName(server.key), server]),
    ),
    fifos,
    mail: mail?.server !== undefined && mail.to.length > 0 ? mail : undefined,
  };
}
