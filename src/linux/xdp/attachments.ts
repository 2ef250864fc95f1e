// Where the programs hang: tc (clsact) on every interface, and XDP before it on those that can. What
// XDP cannot finish (a MAC still unknown, an interface it cannot send to) it hands to tc behind it.

import { existsSync } from "node:fs";
import type { AttachChoice } from "../../model/model.ts";
import type { EngineFinding } from "../../world/engine.ts";
import type { LinkFact } from "../../world/kernel.ts";
import { type BpfCalls, bpfNumbers } from "../ffi/bpf.ts";
import { errnoName } from "../ffi/errno.ts";
import type { Syscalls } from "../ffi/syscalls.ts";
import { type Refusal, refusalAdvice, refusalText } from "./attach-advice.ts";
import type { Pins } from "./pins.ts";
import type { Balancer } from "./programs.ts";

/** Our place among the filters of an interface. */
export const tcHandle = 0x4b53;
export const tcPriority = 45_072;
export const tcIngress = 1;
export const tcEgress = 2;

const arphrdEthernet = 1;

type XdpMode = "native" | "generic";

interface Attachment {
  readonly name: string;
  /** Absent: tc alone. */
  readonly xdp?: XdpMode;
  readonly linkFd?: number;
}

/** What `Attachments` needs. */
export interface AttachmentOptions {
  readonly bpf: BpfCalls;
  readonly syscalls: Syscalls;
  readonly pins: Pins;
  readonly balancer: Balancer;
  readonly choice: AttachChoice;
  /** Only these; every Ethernet interface that is up and on its own when absent. */
  readonly interfaces?: readonly string[];
}

export class Attachments {
  readonly #options: AttachmentOptions;
  readonly #attached = new Map<number, Attachment>();
  readonly #refusedXdp = new Set<number>();

  constructor(options: AttachmentOptions) {
    this.#options = options;
  }

  /** `ens4 (native)`, `veth0 (tc)`, by name. */
  describe(): readonly string[] {
    return [...this.#attached.values()].map(({ name, xdp }) => `${name} (${xdp ?? "tc"})`).sort();
  }

  /** Whether XDP can send out of this interface. */
  sendsByXdp(ifindex: number): boolean {
    return this.#attached.get(ifindex)?.xdp !== undefined;
  }

  /** Attaches to what is new, forgets what is gone, and puts back what somebody took away. */
  settle(links: readonly LinkFact[]): readonly EngineFinding[] {
    const findings: EngineFinding[] = [];
    const wanted = links.filter((link) => this.#isWanted(link));
    for (const link of wanted) {
      const known = this.#attached.get(link.index);
      findings.push(
        ...(known === undefined ? this.#attach(link, links) : this.#check(link, known)),
      );
    }
    for (const [ifindex, attachment] of this.#attached)
      if (!links.some(({ index }) => index === ifindex)) this.#forget(ifindex, attachment);
    return findings;
  }

  /** Lets go of descriptors; the programs stay where they are. */
  close(): void {
    for (const { linkFd } of this.#attached.values())
      if (linkFd !== undefined) this.#options.syscalls.close(linkFd);
    this.#attached.clear();
  }

  #isWanted(link: LinkFact): boolean {
    const { interfaces } = this.#options;
    if (interfaces !== undefined) return interfaces.includes(link.name);
    return link.up && link.type === arphrdEthernet && link.master === undefined;
  }

  #attach(link: LinkFact, links: readonly LinkFact[]): readonly EngineFinding[] {
    const failure = this.#attachTc(link.index);
    if (failure !== undefined)
      return [finding(`no program on ${link.name}`, `attaching failed: ${failure}`, false)];
    const mode = this.#xdpMode(link, links);
    if (mode === undefined || this.#refusedXdp.has(link.index)) {
      this.#attached.set(link.index, { name: link.name });
      return this.#isHeldBack(link, links) ? [refusal({ link: link.name })] : [];
    }
    const linkFd = this.#attachXdp(link.index, mode);
    if (linkFd >= 0) {
      this.#attached.set(link.index, { name: link.name, xdp: mode, linkFd });
      return [];
    }
    this.#refusedXdp.add(link.index);
    this.#attached.set(link.index, { name: link.name });
    if (mode === "native") return [refusal({ link: link.name, error: -linkFd })];
    const reason = errnoName(-linkFd);
    return [finding(`${link.name} refuses XDP (${mode}): ${reason}`, "attached with tc", true)];
  }

  #check(link: LinkFact, known: Attachment): readonly EngineFinding[] {
    const findings: EngineFinding[] = [];
    if (!this.#hasTc(link.index)) {
      const failure = this.#attachTc(link.index);
      const done = failure === undefined ? "attached again (tc)" : `attaching failed: ${failure}`;
      findings.push(finding(`program missing on ${link.name}`, done, failure === undefined));
    }
    if (known.xdp !== undefined && known.linkFd !== undefined) {
      if (!this.#hasXdp(link.index, known.linkFd)) {
        this.#options.syscalls.close(known.linkFd);
        this.#options.pins.remove("links", pinName(link.index));
        const linkFd = this.#attachXdp(link.index, known.xdp);
        const done =
          linkFd < 0 ? `attaching failed: ${errnoName(-linkFd)}` : `attached again (${known.xdp})`;
        this.#attached.set(link.index, {
          name: link.name,
          ...(linkFd >= 0 && { xdp: known.xdp, linkFd }),
        });
        findings.push(finding(`XDP program missing on ${link.name}`, done, linkFd >= 0));
      } else if (!existsSync(this.#options.pins.path("links", pinName(link.index)))) {
        this.#options.pins.replace("links", pinName(link.index), known.linkFd);
        findings.push(finding(`XDP link of ${link.name} is not pinned`, "pinned again", true));
      }
    }
    return findings;
  }

  #forget(ifindex: number, attachment: Attachment): void {
    if (attachment.linkFd !== undefined) this.#options.syscalls.close(attachment.linkFd);
    this.#options.pins.remove("links", pinName(ifindex));
    this.#attached.delete(ifindex);
    this.#refusedXdp.delete(ifindex);
  }

  /** Undefined: tc alone. A NIC with VLANs hides their tags from XDP, but not from tc. */
  #xdpMode(link: LinkFact, links: readonly LinkFact[]): XdpMode | undefined {
    const { choice } = this.#options;
    if (choice === "native" || choice === "generic") return choice;
    const isHardware = link.kind === undefined;
    const hasVlans = links.some(({ kind }) => kind === "vlan");
    return choice === "auto" && isHardware && !hasVlans ? "native" : undefined;
  }

  /** A card that would be asked for XDP if the host had no VLANs. */
  #isHeldBack(link: LinkFact, links: readonly LinkFact[]): boolean {
    const { choice } = this.#options;
    return (
      choice === "auto" && link.kind === undefined && links.some(({ kind }) => kind === "vlan")
    );
  }

  #attachTc(ifindex: number): string | undefined {
    const { bpf, balancer } = this.#options;
    const hooks: readonly (readonly [number, number])[] = [
      [tcIngress, balancer.tc.fd],
      [tcEgress, balancer.tcEgress.fd],
    ];
    for (const [direction, fd] of hooks) {
      const returned = bpf.tcAttach(ifindex, direction, tcHandle, tcPriority, fd);
      if (returned < 0) return `${errnoName(-returned)} ${bpf.bpfSaid().trim()}`.trim();
    }
    return undefined;
  }

  #hasTc(ifindex: number): boolean {
    const { bpf, balancer } = this.#options;
    const ingress = bpf.tcQuery(ifindex, tcIngress, tcHandle, tcPriority);
    const egress = bpf.tcQuery(ifindex, tcEgress, tcHandle, tcPriority);
    return ingress === balancer.tc.id && egress === balancer.tcEgress.id;
  }

  /** The descriptor of a pinned link, or a negative errno. */
  #attachXdp(ifindex: number, mode: XdpMode): number {
    const { bpf, balancer, pins, syscalls } = this.#options;
    const pinned = pins.open("links", pinName(ifindex));
    if (pinned >= 0) {
      const updated = bpf.bpfLinkUpdate(pinned, balancer.xdp.fd);
      if (updated >= 0 && this.#hasXdp(ifindex, pinned)) return pinned;
      syscalls.close(pinned);
      pins.remove("links", pinName(ifindex));
    }
    const flag = mode === "native" ? bpfNumbers.xdpFlagNative : bpfNumbers.xdpFlagGeneric;
    const linkFd = bpf.bpfLinkCreate(balancer.xdp.fd, ifindex, bpfNumbers.attachXdp, flag);
    if (linkFd >= 0) pins.replace("links", pinName(ifindex), linkFd);
    return linkFd;
  }

  /** bpf_link_info: type, id, prog_id, and from byte 16 on the XDP link's ifindex; 0 when detached. */
  #hasXdp(ifindex: number, linkFd: number): boolean {
    const info = new Uint8Array(64);
    if (this.#options.bpf.bpfInfo(linkFd, info) < 0) return false;
    const view = new DataView(info.buffer);
    return (
      view.getUint32(8, true) === this.#options.balancer.xdp.id &&
      view.getUint32(16, true) === ifindex
    );
  }
}

function pinName(ifindex: number): string {
  return `xdp-${ifindex}`;
}

function refusal(refused: Refusal): EngineFinding {
  return finding(refusalText(refused), refusalAdvice(refused), true);
}

function finding(found: string, done: string, ok: boolean): EngineFinding {
  return { found, done, ok };
}
