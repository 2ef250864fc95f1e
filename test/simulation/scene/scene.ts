// A scene is a whole story as data: who there is, what happens to them and when. A seed makes one
// (`draw-scene.ts`), a file can hold one, and the same scene always plays the same.

import type { LinkQuality } from "../../../src/simulated/segment.ts";
import type { JunkKind } from "./hostile.ts";

/** What all nodes of one virtual router share. */
export interface RouterScene {
  /** Name of the instance; also that of its interface. */
  readonly name: string;
  readonly vrid: number;
  readonly version: 2 | 3;
  readonly family: 4 | 6;
  /** Adverts go to each other node, and not to a group. */
  readonly unicast: boolean;
  /** Without prefix lengths: single addresses. */
  readonly virtualAddresses: readonly string[];
  /** Version 2 only. */
  readonly password?: string;
  /** The password makes authentication headers, and is not sent. */
  readonly sealed?: boolean;
  readonly garpRefreshMs: number;
}

/** What one node says of one virtual router. */
export interface Settings {
  /** 1..255. */
  readonly priority: number;
  readonly intervalCs: number;
  readonly preempt: boolean;
  readonly preemptDelayMs: number;
  /** Weight of the script that the node tracks; absent: none. 0: its failure is a FAULT. */
  readonly scriptWeight?: number;
}

export interface NodeScene {
  readonly name: string;
  /** One for each virtual router, on that router's segment. */
  readonly addresses: readonly string[];
  /** One for each virtual router. */
  readonly settings: readonly Settings[];
  readonly startAtMs: number;
  /** How long after a start the first result of the script comes. */
  readonly scriptAfterMs: number;
  /** After a pause the alarm comes before the packets that waited. */
  readonly alarmFirst: boolean;
  /** False: another program's router, with which nothing but VRRP is spoken. */
  readonly keelson: boolean;
  readonly clockRate: number;
  readonly clockStartMs: number;
}

/** Something that goes wrong, or right again, at one node or on a segment. */
export type Fault = { readonly atMs: number } & (
  | { readonly kind: "crash" | "start" | "stop" | "same-reload" | "overrun"; readonly node: number }
  | { readonly kind: "failover"; readonly node: number; readonly router: number }
  | { readonly kind: "pause" | "freeze" | "suspend"; readonly node: number; readonly forMs: number }
  | {
      readonly kind: "carrier" | "admin";
      readonly node: number;
      readonly router: number;
      readonly up: boolean;
    }
  | { readonly kind: "wall-step"; readonly node: number; readonly byMs: number }
  | {
      readonly kind: "reload";
      readonly node: number;
      readonly router: number;
      readonly changes: Partial<Settings>;
      /** Replaces the addresses, too. */
      readonly virtualAddresses?: readonly string[];
    }
  | {
      readonly kind: "take-address" | "plant-address";
      readonly node: number;
      readonly router: number;
    }
  | { readonly kind: "refuse"; readonly node: number; readonly forMs: number }
  | { readonly kind: "script"; readonly node: number; readonly up: boolean }
  | { readonly kind: "cut"; readonly router: number; readonly from: string; readonly to: string }
  | { readonly kind: "heal" }
  | { readonly kind: "quality"; readonly router: number; readonly quality: LinkQuality }
  | {
      readonly kind: "link";
      readonly router: number;
      readonly from: string;
      readonly to: string;
      readonly quality: LinkQuality;
    }
  | {
      readonly kind: "junk";
      readonly router: number;
      readonly what: JunkKind;
      readonly random: number;
    }
  | {
      /** A valid advert that nobody should have sent. */
      readonly kind: "forged";
      readonly router: number;
      readonly priority: number;
      readonly intervalCs: number;
      readonly source: string;
    }
);

export interface Scene {
  /** Of what chance decides while it plays. */
  readonly seed: number;
  readonly routers: readonly RouterScene[];
  readonly nodes: readonly NodeScene[];
  /** The virtual routers are one sync group. */
  readonly together: boolean;
  /** Of every link while nothing is wrong; loses nothing. */
  readonly quality: LinkQuality;
  /** In the order of their times. */
  readonly faults: readonly Fault[];
  /** When everything is mended. */
  readonly healAtMs: number;
  /** Nodes that are cut off from the others in a last partition; empty: there is none. */
  readonly apart: readonly number[];
}
