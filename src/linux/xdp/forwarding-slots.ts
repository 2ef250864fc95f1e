// What TUN and FULLNAT destinations have beside their slot: a tunnel, or addresses that stand for
// clients. Both follow the route to the destination, whose preferred source they take.

import { readFileSync } from "node:fs";
import { familyOf, type IpAddress } from "../../base/address.ts";
import { fail, ok, type Result } from "../../base/result.ts";
import type { Destination } from "../../model/balancer-table.ts";
import {
  endpointName,
  type FullNatSettings,
  type TunnelSettings,
} from "../../model/virtual-server.ts";
import type { DestinationRecord } from "../../wire/maps/destination-record.ts";
import { encodeIndex } from "../../wire/maps/fields.ts";
import {
  decodeSourcesRecord,
  decodeTunnelRecord,
  encodeSourcesRecord,
  encodeTunnelRecord,
  type SourcesRecord,
  sourcesMax,
} from "../../wire/maps/forwarding-records.ts";
import { methodNumbers } from "../../wire/maps/service-record.ts";
import type { EngineFault } from "../../world/engine.ts";
import type { MapHandle } from "./map-handle.ts";
import type { BalancerMaps } from "./programs.ts";

const plainTunnel: TunnelSettings = { type: "ipip", checksum: "none" };
const plainFullNat: FullNatSettings = { sources: [], tellsClient: "nothing" };
const firstUnprivilegedPort = 1024;
const lastPort = 65_535;
const sctp = 132;

/** The attributes of a destination that stand in these maps. */
export interface ForwardingSettings {
  readonly tunnel?: TunnelSettings;
  readonly fullNat?: FullNatSettings;
}

/** What a service says about how its packets can be forwarded. */
export interface ForwardedService {
  readonly address: IpAddress;
  readonly protocol: number;
  readonly onePacket: boolean;
}

export class ForwardingSlots {
  readonly #maps: BalancerMaps;

  constructor(maps: BalancerMaps) {
    this.#maps = maps;
  }

  /** Writes what the destination's method needs; `source` is what the route to it prefers. */
  put(
    slot: number,
    service: ForwardedService,
    destination: Destination,
    source: IpAddress | undefined,
  ): Result<void, EngineFault> {
    const refused = whyNoFullNat(service, destination);
    if (refused !== undefined)
      return notSupported(`${endpointName(destination.address, destination.port)}: ${refused}`);
    if (destination.forwarding === "TUN") return this.#putTunnel(slot, destination, source);
    if (destination.forwarding === "FULLNAT") return this.#putSources(slot, destination, source);
    return ok(undefined);
  }

  /** Takes over another route's source; what routers have told of the old way is forgotten. */
  follow(slot: number, record: DestinationRecord, source: IpAddress | undefined): boolean {
    const family = familyOf(record.address);
    if (source === undefined || familyOf(source) !== family) return false;
    const key = encodeIndex(slot);
    if (record.method === methodNumbers.TUN) {
      const bytes = this.#maps.tunnels.lookup(key);
      if (bytes === undefined) return false;
      const tunnel = decodeTunnelRecord(bytes, family);
      if (tunnel.source === source) return false;
      const moved = { ...tunnel, source, pathMtu: 0, pathMtuUntil: 0 };
      this.#maps.tunnels.update(key, encodeTunnelRecord(moved));
      return true;
    }
    const sources = this.sources(slot, record);
    if (sources === undefined || !sources.automatic || sources.addresses[0] === source)
      return false;
    this.#maps.sources.update(key, encodeSourcesRecord({ ...sources, addresses: [source] }));
    return true;
  }

  /** What a destination was given; nothing for the other methods. */
  settings(slot: number, record: DestinationRecord): ForwardingSettings {
    if (record.method === methodNumbers.TUN) {
      const bytes = this.#maps.tunnels.lookup(encodeIndex(slot));
      if (bytes === undefined) return {};
      return { tunnel: decodeTunnelRecord(bytes, familyOf(record.address)).settings };
    }
    const sources = this.sources(slot, record);
    if (sources === undefined) return {};
    const { automatic, addresses, tellsClient } = sources;
    return { fullNat: { sources: automatic ? [] : addresses, tellsClient } };
  }

  /** Addresses of this host at which answers for a destination arrive. */
  ownAddresses(slot: number, record: DestinationRecord): readonly IpAddress[] {
    if (record.method === methodNumbers.TUN) {
      const bytes = this.#maps.tunnels.lookup(encodeIndex(slot));
      return bytes === undefined
        ? []
        : [decodeTunnelRecord(bytes, familyOf(record.address)).source];
    }
    return this.sources(slot, record)?.addresses ?? [];
  }

  sources(slot: number, record: DestinationRecord): SourcesRecord | undefined {
    if (record.method !== methodNumbers.FULLNAT) return undefined;
    const bytes = this.#maps.sources.lookup(encodeIndex(slot));
    return bytes === undefined ? undefined : decodeSourcesRecord(bytes, familyOf(record.address));
  }

  #putTunnel(
    slot: number,
    { address, port, tunnel = plainTunnel }: Destination,
    source: IpAddress | undefined,
  ): Result<void, EngineFault> {
    if (tunnel.type === "gue" && (tunnel.port ?? 0) === 0)
      return notSupported(`${endpointName(address, port)}: a GUE tunnel needs a port`);
    const family = familyOf(address);
    const key = encodeIndex(slot);
    const bytes = this.#maps.tunnels.lookup(key);
    const old = bytes === undefined ? undefined : decodeTunnelRecord(bytes, family);
    const unspecified = (family === 6 ? "::" : "0.0.0.0") as IpAddress;
    const record = {
      pathMtu: 0,
      pathMtuUntil: 0,
      ...(old?.source === source && {
        pathMtu: old?.pathMtu ?? 0,
        pathMtuUntil: old?.pathMtuUntil ?? 0,
      }),
      settings: tunnel,
      source: source ?? unspecified,
    };
    return written(this.#maps.tunnels, key, encodeTunnelRecord(record));
  }

  #putSources(
    slot: number,
    { address, port, fullNat = plainFullNat }: Destination,
    source: IpAddress | undefined,
  ): Result<void, EngineFault> {
    const name = endpointName(address, port);
    const wished =
      fullNat.sources.length > 0 ? fullNat.sources : source === undefined ? [] : [source];
    if (wished.some((own) => familyOf(own) !== familyOf(address)))
      return notSupported(`${name}: a source address is of another family than the server`);
    if (wished.length > sourcesMax)
      return notSupported(`${name}: more than ${sourcesMax} source addresses`);
    const record: SourcesRecord = {
      tellsClient: fullNat.tellsClient,
      automatic: fullNat.sources.length === 0,
      ...borrowedPorts(),
      addresses: wished,
    };
    return written(this.#maps.sources, encodeIndex(slot), encodeSourcesRecord(record));
  }
}

/**
 * Ports that stand for clients: those above 1023 that the kernel does not give to this host's own
 * connections, so that a health check never meets a client's port.
 */
export function portsBeside(first: number, last: number): { firstPort: number; ports: number } {
  const below = first - firstUnprivilegedPort;
  const above = lastPort - last;
  if (below <= 0 && above <= 0)
    return { firstPort: firstUnprivilegedPort, ports: lastPort - firstUnprivilegedPort + 1 };
  return below >= above
    ? { firstPort: firstUnprivilegedPort, ports: below }
    : { firstPort: last + 1, ports: above };
}

/** What FULLNAT cannot do: it replaces the ends of TCP and UDP over IPv4, and must remember them. */
function whyNoFullNat(service: ForwardedService, destination: Destination): string | undefined {
  if (destination.forwarding !== "FULLNAT") return undefined;
  if (service.onePacket) return "FULLNAT of single packets is not supported by the xdp engine";
  if (service.protocol === sctp) return "FULLNAT of SCTP is not supported by the xdp engine";
  const families = [familyOf(service.address), familyOf(destination.address)];
  return families.includes(6) ? "FULLNAT over IPv6 is not supported by the xdp engine" : undefined;
}

function borrowedPorts(): { firstPort: number; ports: number } {
  try {
    const text = readFileSync("/proc/sys/net/ipv4/ip_local_port_range", "utf8");
    const [first = 32_768, last = 60_999] = text.trim().split(/\s+/).map(Number);
    return portsBeside(first, last);
  } catch {
    return portsBeside(32_768, 60_999);
  }
}

function written(map: MapHandle, key: Uint8Array, value: Uint8Array): Result<void, EngineFault> {
  const returned = map.update(key, value);
  if (returned >= 0) return ok(undefined);
  return fail({ kind: "syscall-failed", text: `writing how packets are forwarded: ${returned}` });
}

function notSupported(text: string): { readonly ok: false; readonly fault: EngineFault } {
  return fail({ kind: "not-supported", text });
}
