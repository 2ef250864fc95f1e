// Operations of the balancer's table, carried out in the kernel.

import { fail, ok, type Result } from "../../base/result.ts";
import type { Destination, Service } from "../../model/balancer-table.ts";
import { realServerIdentity, virtualServerIdentity } from "../../model/health.ts";
import { type VirtualServerKey, virtualServerName } from "../../model/virtual-server.ts";
import type { BalancerOperation } from "../../plan/operation.ts";
import type { EngineFault, EngineFinding } from "../../world/engine.ts";
import type { KernelFault } from "../../world/kernel.ts";
import { errno } from "../ffi/errno.ts";
import { ipvsFailed, type Meanings } from "./faults.ts";
import type { IpvsCalls } from "./ipvs-calls.ts";
import type { OwnServices } from "./own-services.ts";
import { ipvsDestination, ipvsService, ipvsServiceId } from "./table-words.ts";

export class TableWriter {
  readonly #calls: IpvsCalls;
  readonly #own: OwnServices | undefined;
  readonly #groups = new Map<string, number>();
  #takenOver: EngineFinding[] = [];

  /** With `own`, what somebody else has put in the place of a wished service or destination is taken over. */
  constructor(calls: IpvsCalls, own: OwnServices | undefined) {
    this.#calls = calls;
    this.#own = own;
  }

  apply(operation: BalancerOperation): Result<void, EngineFault> {
    switch (operation.kind) {
      case "add-service":
        return this.#kept(operation.service, this.#addService(operation.service));
      case "change-service":
        return this.#kept(operation.service, this.#changeService(operation.service));
      case "remove-service":
        return this.#removeService(operation.key);
      case "add-destination":
      case "change-destination":
        return this.#setDestination(operation.kind, operation.key, operation.destination);
      case "remove-destination": {
        const { key, address, port } = operation;
        const removed = this.#calls.removeDestination(ipvsServiceId(key), address, port);
        return outcome(removed, destinationMeanings(key, operation));
      }
    }
  }

  /** The group of services that a service was said to be of, which the kernel does not know. */
  persistenceGroup(key: VirtualServerKey): number | undefined {
    return this.#groups.get(virtualServerIdentity(key));
  }

  /** Services that were taken over since the last call. */
  takeOverFindings(): readonly EngineFinding[] {
    const findings = this.#takenOver;
    this.#takenOver = [];
    return findings;
  }

  #kept(service: Service, done: Result<void, EngineFault>): Result<void, EngineFault> {
    if (!done.ok) return done;
    const identity = virtualServerIdentity(service.key);
    this.#groups.delete(identity);
    if (service.persistenceGroup !== undefined)
      this.#groups.set(identity, service.persistenceGroup);
    return done;
  }

  #addService(service: Service): Result<void, EngineFault> {
    const { key } = service;
    const identity = virtualServerIdentity(key);
    const isNew = this.#own?.has(identity) === false;
    this.#own?.add(identity);
    const wanted = ipvsService(service);
    const added = this.#calls.addService(wanted);
    if (!added.ok && added.fault.errno === errno.EEXIST && this.#own !== undefined) {
      if (isNew) this.#noteTakeOver(key);
      return outcome(this.#calls.changeService(wanted), serviceMeanings(service));
    }
    if (!added.ok && isNew) this.#own?.remove(identity);
    return outcome(added, serviceMeanings(service));
  }

  #changeService(service: Service): Result<void, EngineFault> {
    return outcome(this.#calls.changeService(ipvsService(service)), serviceMeanings(service));
  }

  #removeService(key: VirtualServerKey): Result<void, EngineFault> {
    const removed = this.#calls.removeService(ipvsServiceId(key));
    if (removed.ok || removed.fault.errno === errno.ESRCH)
      this.#own?.remove(virtualServerIdentity(key));
    return outcome(removed, { [errno.ESRCH]: noService(key) });
  }

  #setDestination(
    kind: "add-destination" | "change-destination",
    key: VirtualServerKey,
    destination: Destination,
  ): Result<void, EngineFault> {
    const wanted = ipvsDestination(destination);
    if (wanted === undefined) return fail(noFullNat(destination));
    const id = ipvsServiceId(key);
    const meanings = destinationMeanings(key, destination);
    if (kind === "change-destination")
      return outcome(this.#calls.changeDestination(id, wanted), meanings);
    const added = this.#calls.addDestination(id, wanted);
    if (!added.ok && added.fault.errno === errno.EEXIST && this.#own !== undefined)
      return outcome(this.#calls.changeDestination(id, wanted), meanings);
    return outcome(added, meanings);
  }

  #noteTakeOver(key: VirtualServerKey): void {
    const found = `the kernel's table had ${virtualServerName(key)} of somebody else's`;
    this.#takenOver.push({ found, done: "took it over", ok: true });
  }
}

function outcome(done: Result<void, KernelFault>, meanings: Meanings): Result<void, EngineFault> {
  return done.ok ? ok(undefined) : ipvsFailed(done.fault, meanings);
}

function noService(key: VirtualServerKey): Pick<EngineFault, "kind" | "text"> {
  return { kind: "not-found", text: `there is no service ${virtualServerName(key)}` };
}

function serviceMeanings({ key, scheduler, persistenceEngine }: Service): Meanings {
  const engine =
    persistenceEngine === undefined ? "" : ` or no engine ip_vs_pe_${persistenceEngine}`;
  return {
    [errno.ESRCH]: noService(key),
    [errno.EEXIST]: { kind: "exists", text: `${virtualServerName(key)} is there already` },
    [errno.ENOENT]: {
      kind: "not-found",
      text: `this kernel has no scheduler ip_vs_${scheduler}${engine}`,
    },
  };
}

function destinationMeanings(
  key: VirtualServerKey,
  destination: Pick<Destination, "address" | "port">,
): Meanings {
  const name = realServerIdentity(destination);
  const service = virtualServerName(key);
  return {
    [errno.ESRCH]: noService(key),
    [errno.EEXIST]: { kind: "exists", text: `${service} has the destination ${name} already` },
    [errno.ENOENT]: { kind: "not-found", text: `${service} has no destination ${name}` },
  };
}

function noFullNat({ address, port }: Destination): EngineFault {
  const name = realServerIdentity({ address, port });
  const text = `the kernel's IPVS cannot translate sources (FULLNAT to ${name}): use lb_kind NAT, or lb_engine xdp`;
  return { kind: "not-supported", text };
}
