// The calls of the kernel's IPVS, one method each, answered within the call. Faults are the kernel's own.

import type { IpAddress } from "../../base/address.ts";
import { ok, type Result } from "../../base/result.ts";
import type { NetlinkAttribute } from "../../wire/netlink/attribute.ts";
import {
  decodeFamily,
  encodeFamilyRequest,
  genericControlType,
} from "../../wire/netlink/generic-message.ts";
import {
  decodeIpvsInformation,
  decodeIpvsTimeouts,
  type IpvsInformation,
  type IpvsTimeouts,
  ipvsTimeoutAttributes,
} from "../../wire/netlink/ipvs-config.ts";
import {
  decodeIpvsDaemon,
  type IpvsDaemon,
  ipvsDaemonAttribute,
  ipvsDaemonStateAttribute,
} from "../../wire/netlink/ipvs-daemon.ts";
import {
  decodeIpvsDestination,
  type IpvsDestination,
  ipvsDestinationAttribute,
  ipvsDestinationIdAttribute,
  type ObservedIpvsDestination,
} from "../../wire/netlink/ipvs-destination.ts";
import { encodeIpvsRequest, ipvsCommand, ipvsFamilyName } from "../../wire/netlink/ipvs-message.ts";
import {
  decodeIpvsService,
  type IpvsService,
  type IpvsServiceId,
  ipvsServiceAttribute,
  ipvsServiceIdAttribute,
  type ObservedIpvsService,
} from "../../wire/netlink/ipvs-service.ts";
import type { KernelFault } from "../../world/kernel.ts";
import { errno, syscallFailed } from "../ffi/errno.ts";
import type { Syscalls } from "../ffi/syscalls.ts";
import { type DecodeNetlink, NetlinkRequests, netlinkGeneric } from "../netlink-socket.ts";

type Outcome = Result<void, KernelFault>;

/** One socket to the IPVS of the network namespace that the caller is in. */
export class IpvsCalls {
  readonly #requests: NetlinkRequests;
  /** The type of its messages, which is another one when the module is loaded anew. */
  #family = 0;

  /** Throws when the process may not open netlink sockets. `resolve` comes before all else. */
  constructor(syscalls: Syscalls) {
    this.#requests = new NetlinkRequests(syscalls, netlinkGeneric);
  }

  /** Asks for the number of the family; ENOENT: the kernel has no IPVS, or has not loaded it. */
  resolve(): Outcome {
    const request = encodeFamilyRequest(ipvsFamilyName);
    const answers = this.#requests.get("IPVS", genericControlType, request, decodeFamily);
    if (!answers.ok) return answers;
    const [family] = answers.value;
    if (family === undefined) return syscallFailed("IPVS", errno.ENOENT);
    this.#family = family;
    return ok(undefined);
  }

  /** ENOENT: no such scheduler or persistence engine; EEXIST. */
  addService(service: IpvsService): Outcome {
    return this.#change("add service", ipvsCommand.newService, [ipvsServiceAttribute(service)]);
  }

  /** ESRCH: no such service; ENOENT: no such scheduler or persistence engine. */
  changeService(service: IpvsService): Outcome {
    return this.#change("change service", ipvsCommand.setService, [ipvsServiceAttribute(service)]);
  }

  /** ESRCH: no such service. */
  removeService(id: IpvsServiceId): Outcome {
    const attributes = [ipvsServiceIdAttribute(id)];
    return this.#change("remove service", ipvsCommand.deleteService, attributes);
  }

  /** ESRCH: no such service; EEXIST. */
  addDestination(id: IpvsServiceId, destination: IpvsDestination): Outcome {
    const attributes = [ipvsServiceIdAttribute(id), ipvsDestinationAttribute(destination)];
    return this.#change("add destination", ipvsCommand.newDestination, attributes);
  }

  /** ESRCH: no such service; ENOENT: no such destination. */
  changeDestination(id: IpvsServiceId, destination: IpvsDestination): Outcome {
    const attributes = [ipvsServiceIdAttribute(id), ipvsDestinationAttribute(destination)];
    return this.#change("change destination", ipvsCommand.setDestination, attributes);
  }

  /** ESRCH: no such service; ENOENT: no such destination. */
  removeDestination(id: IpvsServiceId, address: IpAddress, port: number): Outcome {
    const attributes = [ipvsServiceIdAttribute(id), ipvsDestinationIdAttribute(address, port)];
    return this.#change("remove destination", ipvsCommand.deleteDestination, attributes);
  }

  /** All services, in the order of the kernel's hash table. */
  services(): Result<readonly ObservedIpvsService[], KernelFault> {
    return this.#dump("get services", ipvsCommand.getService, [], decodeIpvsService);
  }

  /** The destinations of a service, the one that was added last first; none where there is no such service. */
  destinations(id: IpvsServiceId): Result<readonly ObservedIpvsDestination[], KernelFault> {
    const attributes = [ipvsServiceIdAttribute(id)];
    return this.#dump("get destinations", ipvsCommand.getDestination, attributes, (payload) =>
      decodeIpvsDestination(payload, id.family),
    );
  }

  /** Sets counters to zero, of all services or of one. ESRCH: no such service. */
  zero(id?: IpvsServiceId): Outcome {
    const attributes = id === undefined ? [] : [ipvsServiceIdAttribute(id)];
    return this.#change("zero", ipvsCommand.zero, attributes);
  }

  /** Removes every service. */
  flush(): Outcome {
    return this.#change("flush", ipvsCommand.flush, []);
  }

  timeouts(): Result<IpvsTimeouts, KernelFault> {
    return this.#get("get timeouts", ipvsCommand.getConfig, decodeIpvsTimeouts);
  }

  /** EINVAL: beyond what the kernel can count. */
  setTimeouts(timeouts: Partial<IpvsTimeouts>): Outcome {
    return this.#change("set timeouts", ipvsCommand.setConfig, ipvsTimeoutAttributes(timeouts));
  }

  information(): Result<IpvsInformation, KernelFault> {
    return this.#get("get information", ipvsCommand.getInformation, decodeIpvsInformation);
  }

  daemons(): Result<readonly IpvsDaemon[], KernelFault> {
    return this.#dump("get daemons", ipvsCommand.getDaemon, [], decodeIpvsDaemon);
  }

  /** EEXIST: one of its state runs; ENODEV: no such interface. */
  startDaemon(daemon: IpvsDaemon): Outcome {
    return this.#change("start daemon", ipvsCommand.newDaemon, [ipvsDaemonAttribute(daemon)]);
  }

  /** ESRCH: none of this state runs. */
  stopDaemon(state: number): Outcome {
    return this.#change("stop daemon", ipvsCommand.deleteDaemon, [ipvsDaemonStateAttribute(state)]);
  }

  close(): void {
    this.#requests.close();
  }

  #change(call: string, command: number, attributes: readonly NetlinkAttribute[]): Outcome {
    const payload = encodeIpvsRequest(command, attributes);
    return this.#requests.change(`IPVS ${call}`, this.#family, 0, payload);
  }

  #get<Value>(
    call: string,
    command: number,
    decode: DecodeNetlink<Value>,
  ): Result<Value, KernelFault> {
    const payload = encodeIpvsRequest(command);
    const answers = this.#requests.get(`IPVS ${call}`, this.#family, payload, decode);
    if (!answers.ok) return answers;
    const [answer] = answers.value;
    return answer === undefined ? syscallFailed(`IPVS ${call}`, errno.EPROTO) : ok(answer);
  }

  #dump<Value>(
    call: string,
    command: number,
    attributes: readonly NetlinkAttribute[],
    decode: DecodeNetlink<Value>,
  ): Result<readonly Value[], KernelFault> {
    const payload = encodeIpvsRequest(command, attributes);
    return this.#requests.dump(`IPVS ${call}`, this.#family, payload, decode);
  }
}
