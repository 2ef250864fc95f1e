// What the tests of the kernel's IPVS share: engines on it, and the real ipvsadm beside them.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { type IpAddress, parseIpAddress } from "../../../src/base/address.ts";
import type { Result } from "../../../src/base/result.ts";
import { loadSyscalls } from "../../../src/linux/ffi/syscalls.ts";
import { type IpvsEngine, openIpvsEngine } from "../../../src/linux/ipvs/engine.ts";
import { loadKernelModule } from "../../../src/linux/ipvs/kernel-module.ts";
import type { OwnServices } from "../../../src/linux/ipvs/own-services.ts";
import { openKernelSettings } from "../../../src/linux/kernel-settings.ts";
import type { Destination, Service } from "../../../src/model/balancer-table.ts";
import type { TransportProtocol, VirtualServerKey } from "../../../src/model/virtual-server.ts";
import type { BalancerOperation } from "../../../src/plan/operation.ts";
import type { EngineFault } from "../../../src/world/engine.ts";

export const syscalls = loadSyscalls();

export function address(text: string): IpAddress {
  const parsed = parseIpAddress(text);
  assert.ok(parsed.ok);
  return parsed.value;
}

/** What a call gave that must work. */
export function value<Value>(result: Result<Value, EngineFault>): Value {
  assert.ok(result.ok, result.ok ? "" : result.fault.text);
  return result.value;
}

/** The whole table, or with `own` this director's part of it. */
export async function openEngine(own?: OwnServices): Promise<IpvsEngine> {
  return value(
    await openIpvsEngine({
      syscalls,
      files: openKernelSettings(),
      loadModule: loadKernelModule,
      ...(own === undefined ? {} : { own }),
    }),
  );
}

export function run(command: string, ...words: readonly string[]): string {
  return execFileSync(command, words, { encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] });
}

/** `ipvsadm` with the words of one line. */
export function ipvsadm(line: string): string {
  return run("ipvsadm", ...line.split(" "));
}

/** The rules that `ipvsadm -Sn` prints. */
export function rules(): readonly string[] {
  return ipvsadm("-Sn")
    .split("\n")
    .filter((line) => line !== "");
}

export function keyOf(
  text: string,
  port: number,
  protocol: TransportProtocol = "TCP",
): VirtualServerKey {
  return { kind: "address", address: address(text), port, protocol };
}

export function serviceOf(key: VirtualServerKey, rest: Partial<Service> = {}): Service {
  const isIpv6 = key.kind === "fwmark" ? key.family === 6 : key.address.includes(":");
  return {
    key,
    scheduler: "wlc",
    persistenceTimeoutS: 0,
    persistencePrefixLength: isIpv6 ? 128 : 32,
    onePacket: false,
    destinations: [],
    ...rest,
  };
}

export function destinationOf(
  text: string,
  port: number,
  rest: Partial<Destination> = {},
): Destination {
  return {
    address: address(text),
    port,
    weight: 1,
    forwarding: "NAT",
    upperThreshold: 0,
    lowerThreshold: 0,
    ...rest,
  };
}

/** Puts services with their destinations into the table. */
export async function fill(engine: IpvsEngine, services: readonly Service[]): Promise<void> {
  for (const service of services) {
    const operations: readonly BalancerOperation[] = [
      { kind: "add-service", service: { ...service, destinations: [] } },
      ...service.destinations.map(
        (destination): BalancerOperation => ({
          kind: "add-destination",
          key: service.key,
          destination,
        }),
      ),
    ];
    for (const operation of operations) value(await engine.apply(operation));
  }
}
