// From the keywords of a virtual_server to the virtual server: defaults, inheritance, and what cannot go together.

import { familyOf } from "../../../base/address.ts";
import {
  endpointName,
  type RealServer,
  type SorryServer,
  type VirtualServer,
  type VirtualServerKey,
  virtualServerName,
} from "../../../model/virtual-server.ts";
import { familyOfKey, finishRealServer } from "./finish-real-server.ts";
import type { Lowering } from "./lowering.ts";
import type { RealServerDraft } from "./real-server.ts";
import type { VirtualServerDraft } from "./virtual-server.ts";

/** The virtual server; undefined when it can serve nobody (reported). */
export function finishVirtualServer(
  draft: VirtualServerDraft,
  lowering: Lowering,
): VirtualServer | undefined {
  const key = keyOf(draft, lowering);
  reportFallbacks(draft, key, lowering);
  const persistenceTimeoutS = persistenceOf(draft, key, lowering);
  const realServers = realServersOf(draft, key, lowering);
  const sorryServer = sorryOf(draft, key, lowering);
  if (realServers.length === 0) {
    lowering.report(draft.keySpan, {
      severity: "warning",
      code: "no-real-server",
      message: `${virtualServerName(key)} has no real server`,
      effect: "keepalived and Keelson leave it out",
      fix: "add `real_server`, or remove the virtual server",
    });
    return undefined;
  }
  return {
    key,
    scheduler: draft.scheduler ?? "wlc",
    persistenceTimeoutS,
    persistencePrefixLength: draft.persistencePrefixLength ?? (familyOfKey(key) === 4 ? 32 : 128),
    onePacket: draft.onePacket ?? false,
    alpha: draft.alpha ?? false,
    omega: draft.omega ?? false,
    ...quorumOf(draft, realServers, lowering),
    ...(sorryServer === undefined ? {} : { sorryServer }),
    realServers,
  };
}

function keyOf(draft: VirtualServerDraft, lowering: Lowering): VirtualServerKey {
  const { key } = draft;
  if (key.kind === "fwmark") {
    const first = draft.realServers[0];
    const family = draft.family ?? (first === undefined ? 4 : familyOf(first.address));
    return { kind: "fwmark", fwmark: key.fwmark, family };
  }
  const protocol = draft.protocol ?? "UDP";
  if (draft.protocol === undefined && !draft.places.has("protocol"))
    lowering.report(draft.keySpan, {
      severity: "warning",
      code: "missing-protocol",
      message: "this virtual server has no `protocol`",
      effect: "UDP counts, as with keepalived: TCP connections are not taken",
      fix: "add `protocol TCP`",
    });
  return { ...key, protocol };
}

function reportFallbacks(
  draft: VirtualServerDraft,
  key: VirtualServerKey,
  lowering: Lowering,
): void {
  if (!draft.places.has("lb_algo"))
    lowering.report(draft.keySpan, {
      severity: "warning",
      code: "missing-scheduler",
      message: "this virtual server has no `lb_algo`",
      effect: "wlc counts",
      fix: "add `lb_algo`",
    });
  const methodNeeded = draft.realServers.some((server) => server.forwarding === undefined);
  if (!draft.places.has("lb_kind") && methodNeeded)
    lowering.report(draft.keySpan, {
      severity: "warning",
      code: "missing-forwarding-method",
      message: "this virtual server has no `lb_kind`",
      effect: "NAT counts",
      fix: "add `lb_kind`",
    });
  if (draft.onePacket === true && key.kind === "address" && key.protocol !== "UDP") {
    lowering.report(draft.places.get("ops") ?? draft.keySpan, {
      severity: "warning",
      code: "one-packet-is-udp-only",
      message: `\`ops\` works with UDP, not with ${key.protocol}`,
      effect: "it is ignored",
      fix: "remove it",
    });
    draft.onePacket = false;
  }
}

function persistenceOf(
  draft: VirtualServerDraft,
  key: VirtualServerKey,
  lowering: Lowering,
): number {
  if (draft.persistenceTimeoutS !== undefined) return draft.persistenceTimeoutS;
  if (key.kind === "fwmark" || key.port !== 0) return 0;
  lowering.report(draft.keySpan, {
    severity: "warning",
    code: "port-zero-is-persistent",
    message: "a virtual server for all ports must be persistent",
    effect: "persistence of 360 seconds counts, as with keepalived",
    fix: "add `persistence_timeout`, or name a port",
  });
  return 360;
}

function realServersOf(
  draft: VirtualServerDraft,
  key: VirtualServerKey,
  lowering: Lowering,
): readonly RealServer[] {
  const kept = new Map<string, RealServerDraft>();
  const servers: RealServer[] = [];
  for (const server of draft.realServers) {
    const name = endpointName(server.address, server.port);
    const forwarding = server.forwarding ?? draft.forwarding ?? "NAT";
    const before = kept.get(name);
    if (before !== undefined) {
      lowering.report(server.addressSpan, {
        severity: "warning",
        code: "real-server-repeated",
        message: `the real server ${name} is listed twice`,
        related: [{ span: before.addressSpan, label: "first here" }],
        effect: "the second one is ignored",
        fix: "remove one of them",
      });
      continue;
    }
    if (familyOf(server.address) !== familyOfKey(key) && forwarding !== "TUN") {
      lowering.report(server.addressSpan, {
        severity: "warning",
        code: "real-server-of-other-family",
        message: `${forwarding} cannot forward to ${server.address}: the virtual server is IPv${familyOfKey(key)}`,
        effect: "the real server is left out",
        fix: "use an address of the same family, or `lb_kind TUN`",
      });
      continue;
    }
    kept.set(name, server);
    servers.push(finishRealServer(server, draft, key, lowering));
  }
  return servers;
}

function sorryOf(
  draft: VirtualServerDraft,
  key: VirtualServerKey,
  lowering: Lowering,
): SorryServer | undefined {
  if (draft.sorry === undefined) {
    const alone = draft.places.get("sorry_server_inhibit");
    if (alone !== undefined)
      lowering.report(alone, {
        severity: "warning",
        code: "sorry-option-without-sorry-server",
        message: "there is no `sorry_server` to which this belongs",
        effect: "it is ignored",
      });
    return undefined;
  }
  const forwarding = draft.sorryForwarding ?? draft.forwarding ?? "NAT";
  const servicePort = key.kind === "fwmark" ? 0 : key.port;
  return {
    address: draft.sorry.address,
    port: forwarding === "NAT" && draft.sorry.port !== 0 ? draft.sorry.port : servicePort,
    forwarding,
    inhibit: draft.sorryInhibit ?? false,
  };
}

function quorumOf(
  draft: VirtualServerDraft,
  realServers: readonly RealServer[],
  lowering: Lowering,
): { quorum: number; hysteresis: number } {
  const weights = realServers.reduce((sum, server) => sum + server.weight, 0);
  const written = draft.quorum ?? 1;
  const quorum = Math.min(written, Math.max(1, weights));
  const span = draft.places.get("quorum") ?? draft.keySpan;
  if (quorum < written)
    lowering.report(span, {
      severity: "warning",
      code: "quorum-too-large",
      message: `the quorum ${written} is more than all weights together (${weights})`,
      effect: `${quorum} counts`,
      fix: "write a smaller quorum",
    });
  if (weights === 0)
    lowering.report(draft.keySpan, {
      severity: "warning",
      code: "all-weights-zero",
      message: "every real server has weight 0",
      effect: "no real server takes new connections",
    });
  const hysteresis = Math.min(draft.hysteresis ?? 0, quorum - 1);
  if (draft.hysteresis !== undefined && hysteresis < draft.hysteresis)
    lowering.report(draft.places.get("hysteresis") ?? span, {
      severity: "warning",
      code: "hysteresis-too-large",
      message: `the hysteresis ${draft.hysteresis} is not less than the quorum ${quorum}`,
      effect: `${hysteresis} counts`,
      fix: "write a smaller hysteresis",
    });
  return { quorum, hysteresis };
}
