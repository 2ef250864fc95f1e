// The sync daemons over the maps: notes are taken from the queue, arrivals given to the program.

import type { SyncConnection } from "../../wire/ipvs-sync/sync-connection.ts";
import { decodeCopyNote } from "../../wire/maps/copy-records.ts";
import { encodeIndex } from "../../wire/maps/fields.ts";
import { mapShapes } from "../../wire/maps/schema.ts";
import { decodeSettings, settingFlags } from "../../wire/maps/settings-record.ts";
import type { AddressKernel } from "../../world/kernel.ts";
import type { BpfCalls } from "../ffi/bpf.ts";
import type { Syscalls } from "../ffi/syscalls.ts";
import { eachConnection } from "./connection-listing.ts";
import type { DestinationSlots } from "./destination-slots.ts";
import type { Balancer } from "./programs.ts";
import type { SettingsKeeper } from "./settings.ts";
import { Arrivals } from "./sync-arrivals.ts";
import { SyncDaemons, type SyncSource } from "./sync-daemons.ts";
import { isSettled, syncOfConnection, syncOfNotes, syncOfTemplate } from "./sync-outgoing.ts";
import type { XdpTable } from "./table.ts";

const notesAtOnce = 1024;

export interface SyncParts {
  readonly bpf: BpfCalls;
  readonly syscalls: Syscalls;
  readonly balancer: Balancer;
  readonly slots: DestinationSlots;
  readonly table: XdpTable;
  readonly settings: SettingsKeeper;
  readonly links: Pick<AddressKernel, "links">;
}

function sourceOver({ bpf, balancer, slots }: SyncParts): SyncSource {
  const { maps, unitS } = balancer;
  const length = mapShapes.copyNotes.valueLength;
  const buffer = new Uint8Array(notesAtOnce * length);
  const settings = () =>
    decodeSettings(maps.settings.lookup(encodeIndex(0)) ?? new Uint8Array(104));
  function* walk(): Generator<SyncConnection, void> {
    for (const { key, value } of maps.templates.eachEntry()) {
      const template = syncOfTemplate(key, value, slots.all(), unitS);
      if (template !== undefined) yield template;
    }
    const { flags } = settings();
    for (const record of eachConnection(maps, slots.all())) {
      if (!isSettled(record)) continue;
      if (record.templatePrefix !== undefined && (flags & settingFlags.syncPersist) !== 0) continue;
      const connection = syncOfConnection(record, slots.all(), settings(), unitS);
      if (connection !== undefined) yield connection;
    }
  }
  return {
    due() {
      const taken = Math.max(0, bpf.bpfMapPop(maps.copyNotes.fd, buffer, length));
      const notes = Array.from({ length: taken }, (_, i) =>
        decodeCopyNote(buffer.subarray(i * length, (i + 1) * length)),
      );
      if (taken === 0) return { connections: [], more: false };
      const connections = syncOfNotes(notes, maps, slots.all(), settings(), unitS);
      return { connections, more: taken === notesAtOnce };
    },
    walk,
  };
}

/** The daemons of an engine, none of which runs yet, and what takes in connections for them. */
export function wireSync(parts: SyncParts): {
  readonly daemons: SyncDaemons;
  readonly arrivals: Arrivals;
} {
  const { bpf, syscalls, balancer, table, settings, links } = parts;
  const arrivals = new Arrivals(
    () => table.stored(),
    (arrival) => {
      bpf.bpfRun(balancer.restore.fd, null, null, arrival, null, new Float64Array(4));
    },
    balancer.unitS,
  );
  const daemons = new SyncDaemons({
    syscalls,
    source: sourceOver(parts),
    take: (connection) => arrivals.take(connection, syscalls.monotonicMs()),
    setDaemons: (copying, receiving) => settings.setDaemons(copying, receiving),
    mtuOf: (name) => {
      const found = links.links();
      return found.ok ? found.value.find((link) => link.name === name)?.mtu : undefined;
    },
  });
  return { daemons, arrivals };
}
