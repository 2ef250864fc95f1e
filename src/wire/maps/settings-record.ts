// The one value of `settings`: struct settings of bpf/settings.h.

import { ByteReader, ByteWriter } from "../../base/bytes.ts";
import { mapShapes } from "./schema.ts";

/** Bits of `flags`. */
export const settingFlags = {
  expireNodest: 0x1,
  expireQuiescent: 0x2,
  sloppyTcp: 0x4,
  sloppySctp: 0x8,
  cacheBypass: 0x10,
  natIcmp: 0x20,
  scheduleIcmp: 0x40,
  pathMtu: 0x80,
  backupOnly: 0x100,
  syncPersist: 0x200,
  /** A master sync daemon runs. */
  copying: 0x400,
  /** A backup sync daemon runs. */
  receiving: 0x800,
} as const;

/** What packets act on. Times are in units of the coarse clock. */
export interface SettingsRecord {
  readonly flags: number;
  /** conn_reuse_mode. */
  readonly reuse: number;
  /** By state; 16 of them. */
  readonly tcpTimeouts: readonly number[];
  readonly udpTimeout: number;
  readonly lblcExpiration: number;
  readonly lblcrExpiration: number;
  readonly syncThreshold: number;
  readonly syncPeriod: number;
  /** 0: by packets only. */
  readonly syncRefresh: number;
  readonly syncRetries: number;
}

const tcpStates = 16;

export function encodeSettings(settings: SettingsRecord): Uint8Array {
  const writer = new ByteWriter(mapShapes.settings.valueLength, "host");
  writer.u32(settings.flags).u32(settings.reuse);
  for (let state = 0; state < tcpStates; state++) writer.u32(settings.tcpTimeouts[state] ?? 0);
  writer.u32(settings.udpTimeout).u32(settings.lblcExpiration).u32(settings.lblcrExpiration);
  writer.u32(settings.syncThreshold).u32(settings.syncPeriod);
  return writer.u32(settings.syncRefresh).u32(settings.syncRetries).u32(0).finish();
}

/** The caller vouches for the length. */
export function decodeSettings(bytes: Uint8Array): SettingsRecord {
  const reader = new ByteReader(bytes, "host");
  return {
    flags: reader.u32(),
    reuse: reader.u32(),
    tcpTimeouts: Array.from({ length: tcpStates }, () => reader.u32()),
    udpTimeout: reader.u32(),
    lblcExpiration: reader.u32(),
    lblcrExpiration: reader.u32(),
    syncThreshold: reader.u32(),
    syncPeriod: reader.u32(),
    syncRefresh: reader.u32(),
    syncRetries: reader.u32(),
  };
}
