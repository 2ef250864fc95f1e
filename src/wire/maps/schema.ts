// The pinned maps: names, sizes and limits, as bpf/layout.h and bpf/maps.h have them. A test compares
// them with the BTF of the compiled object.

/** Part of the pin path: a daemon adopts only maps of its own layout. */
export const mapSchemaVersion = 6;

/** Slots of `destinations`, `loads`, `limits`, `counters`. */
export const destinationsMax = 16384;
/** Destinations of one service. */
export const candidatesMax = 256;
/** Bytes of one of them. */
export const candidateLength = 44;
/** Bytes before them in a service. */
export const serviceHeadLength = 88;
/** Places of a value of `schedule_tables`. */
export const placesMax = 4096;
/** Bytes of the one value of `filter`. */
export const filterSlots = 65536;

/** Key and value bytes of each map. */
export interface MapShape {
  readonly keyLength: number;
  readonly valueLength: number;
}

export type MapName =
  | "slots"
  | "connections"
  | "addresses6"
  | "templates"
  | "replies"
  | "pieces"
  | "services"
  | "schedule_tables"
  | "localities"
  | "reals"
  | "destinations"
  | "tunnels"
  | "sources"
  | "borrowed"
  | "translations"
  | "loads"
  | "limits"
  | "counters"
  | "filter"
  | "interfaces"
  | "pressure"
  | "events"
  | "settings"
  | "copies"
  | "copyNotes";

export const mapShapes: Readonly<Record<MapName, MapShape>> = {
  slots: { keyLength: 4, valueLength: 8 },
  connections: { keyLength: 4, valueLength: 64 },
  addresses6: { keyLength: 4, valueLength: 32 },
  templates: { keyLength: 36, valueLength: 20 },
  replies: { keyLength: 40, valueLength: 20 },
  services: { keyLength: 20, valueLength: serviceHeadLength + candidatesMax * candidateLength },
  schedule_tables: { keyLength: 4, valueLength: placesMax },
  localities: { keyLength: 20, valueLength: 144 },
  pieces: { keyLength: 40, valueLength: 8 },
  reals: { keyLength: 20, valueLength: 20 },
  destinations: { keyLength: 4, valueLength: 128 },
  tunnels: { keyLength: 4, valueLength: 32 },
  sources: { keyLength: 4, valueLength: 136 },
  borrowed: { keyLength: 40, valueLength: 8 },
  translations: { keyLength: 4, valueLength: 48 },
  loads: { keyLength: 4, valueLength: 16 },
  limits: { keyLength: 4, valueLength: 16 },
  counters: { keyLength: 4, valueLength: 40 },
  filter: { keyLength: 4, valueLength: filterSlots },
  interfaces: { keyLength: 4, valueLength: 8 },
  pressure: { keyLength: 4, valueLength: 56 },
  events: { keyLength: 4, valueLength: 128 },
  settings: { keyLength: 4, valueLength: 104 },
  copies: { keyLength: 4, valueLength: 12 },
  /** A queue: it has no keys. */
  copyNotes: { keyLength: 0, valueLength: 44 },
};

/** Every map that is pinned. */
export const mapNames: readonly MapName[] = Object.keys(mapShapes) as MapName[];
