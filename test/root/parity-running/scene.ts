// What a comparison consists of: one configuration, the hosts that read it, and what happens to them.

import type { IpAddress } from "../../../src/base/address.ts";

/** Adverts of another router, which both hosts hear at the same moments. */
export interface Rival {
  readonly version: 2 | 3;
  readonly vrid: number;
  readonly priority: number;
  /** Between two adverts, and what they say, in hundredths of a second. */
  readonly intervalCs: number;
  readonly addresses: readonly string[];
  /** 10.9.0.200 unless changed. */
  readonly source?: string;
  readonly destination?: string;
  readonly ttl?: number;
  readonly password?: string;
  /** eth0 unless changed. */
  readonly port?: string;
  /** Sent once and not again. */
  readonly once?: true;
}

/** One thing that happens to both hosts at the same time. */
export type Act =
  | { readonly kind: "start" }
  | { readonly kind: "stop" }
  | { readonly kind: "reload"; readonly text: string }
  /** A shell program in each host; `$PORT-eth0` is not there: see `cable`. */
  | { readonly kind: "shell"; readonly program: string }
  /** Pulls the cable of an interface at the switch, or plugs it in again. */
  | { readonly kind: "cable"; readonly port: string; readonly plugged: boolean }
  | { readonly kind: "rival"; readonly rival: Rival }
  | { readonly kind: "silence" }
  | { readonly kind: "nothing" };

/** An act and what is waited for before the hosts are looked at. */
export interface Step {
  readonly say: string;
  readonly act: Act;
  /** State that each named instance or group tells during the step. */
  readonly until?: Readonly<Record<string, string>>;
  /** After that, before the hosts are looked at, milliseconds; 1500 by default. */
  readonly settleMs?: number;
}

/** A configuration and its story. */
export interface Scene {
  readonly name: string;
  readonly text: string;
  /** Shell program for each host before the start. */
  readonly prepare?: string;
  readonly files?: Readonly<Record<string, string>>;
  /** True where the hosts have IPv6. */
  readonly ipv6?: true;
  /** Addresses that the neighbour asks for in each step. */
  readonly probes?: readonly string[];
  readonly story: readonly Step[];
  /** True for what `make test` plays as well; `make parity-running` plays all. */
  readonly quick?: true;
}

export const start = (until: Step["until"], settleMs?: number): Step =>
  step("started", { kind: "start" }, until, settleMs);
export const stop: Step = { say: "stopped", act: { kind: "stop" } };

export function step(say: string, act: Act, until?: Step["until"], settleMs?: number): Step {
  return {
    say,
    act,
    ...(until === undefined ? {} : { until }),
    ...(settleMs === undefined ? {} : { settleMs }),
  };
}

export const shell = (
  say: string,
  program: string,
  until?: Step["until"],
  settleMs?: number,
): Step => step(say, { kind: "shell", program }, until, settleMs);

export const reload = (say: string, text: string, until?: Step["until"], settleMs?: number): Step =>
  step(say, { kind: "reload", text }, until, settleMs);

export const rival = (changes: Partial<Rival>, until?: Step["until"], settleMs?: number): Step => {
  const value = { ...usualRival, ...changes };
  return step(`rival with ${value.priority}`, { kind: "rival", rival: value }, until, settleMs);
};

export const silence = (until?: Step["until"], settleMs?: number): Step =>
  step("rival silent", { kind: "silence" }, until, settleMs);

/** As the usual instance, from a higher address. */
export const usualRival: Rival = {
  version: 3,
  vrid: 51,
  priority: 200,
  intervalCs: 20,
  addresses: ["10.9.0.100"],
};

/** An instance of version 3 that advertises every 0.2 s. */
export function instance(
  lines: string,
  {
    name = "VI_1",
    vrid = 51,
    device = "eth0",
    addresses = "10.9.0.100",
    priority = "priority 100",
    version = "version 3\n advert_int 0.2",
  }: {
    readonly name?: string;
    readonly vrid?: number;
    readonly device?: string;
    readonly addresses?: string;
    readonly priority?: string;
    readonly version?: string;
  } = {},
): string {
  const block = addresses === "" ? "" : ` virtual_ipaddress {\n${addresses}\n }\n`;
  return `vrrp_instance ${name} {\n interface ${device}\n virtual_router_id ${vrid}\n ${priority}\n ${version}\n${block}${lines}\n}\n`;
}

/** The address type without a check: scenes are written by hand. */
export const address = (text: string): IpAddress => text as IpAddress;
