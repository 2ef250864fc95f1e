// What a translation says beside its text: what is lost, which hosts are unknown.

import type { Family, IpAddress } from "../../base/address.ts";
import type { KeepalivedWriter } from "../convert/keepalived-writer.ts";
import type { Diagnostic, Finding, Span } from "../text/diagnostic.ts";
import type { Host, LdirectordConfiguration, Setting } from "./configuration.ts";
import { describeSetting } from "./describe-setting.ts";
import { specOf } from "./directives.ts";

/** Finds the address of a name; undefined when nobody can tell. */
export type ResolveHost = (name: string, family: Family) => IpAddress | undefined;

/** Something that is written and not done. */
export interface Note {
  /** As it is written: `service=mysql`. */
  readonly what: string;
  /** What that means at run time. */
  readonly missing: string;
}

/** Where a host is named, and of which family it is. */
export interface HostPlace {
  readonly span: Span;
  readonly family: Family;
}

/** Real servers that all ranges of a file together may stand for. */
const serversMax = 65_536;

/** Collects them. */
export class TranslationNotes {
  readonly diagnostics: Diagnostic[] = [];
  readonly globals: readonly Setting[];
  readonly #resolve: ResolveHost | undefined;
  readonly #noted = new Set<string>();
  #serversLeft = serversMax;

  constructor(configuration: LdirectordConfiguration, resolve: ResolveHost | undefined) {
    this.globals = configuration.settings;
    this.#resolve = resolve;
  }

  report(span: Span, code: string, finding: Finding): void {
    this.diagnostics.push({ ...finding, code, span });
  }

  /** Says once a place what is not done there, in a finding and in a comment of the translation. */
  note(span: Span, { what, missing }: Note, writer: KeepalivedWriter): void {
    const id = `${span.line}:${span.column} ${what}`;
    if (this.#noted.has(id)) return;
    this.#noted.add(id);
    writer.comment(`${what}: ${missing}`);
    this.report(span, "K01", {
      severity: "warning",
      message: `\`${what}\` is read, and not acted on yet`,
      effect: missing,
    });
  }

  /** Says what a directive does not do, where it does not. */
  noteMissing(setting: Setting, writer: KeepalivedWriter): void {
    const { missing, harmless } = specOf(setting.name);
    if (missing === undefined || setting.value === undefined) return;
    if (harmless?.(setting.value) === true) return;
    this.note(setting.span, { what: describeSetting(setting), missing }, writer);
  }

  /** False when the servers of one more range are too many. */
  takeServers(count: number, span: Span): boolean {
    if (count === 1) return true;
    if (count <= this.#serversLeft) {
      this.#serversLeft -= count;
      return true;
    }
    this.report(span, "D20", {
      severity: "error",
      stops: true,
      message: `the ranges of this file stand for more than ${serversMax} real servers`,
      effect: "nobody can have meant that",
      fix: "make the ranges shorter",
    });
    return false;
  }

  /** The address of a host, as far as it is known here and now. */
  addressOf(host: Host, { span, family }: HostPlace): IpAddress | undefined {
    if (host.kind === "address") return host.address;
    const address = this.#resolve?.(host.name, family);
    if (this.#resolve !== undefined && address === undefined)
      this.report(span, "D29", {
        severity: "error",
        message: `the host \`${host.name}\` has no IPv${family} address that could be found`,
        effect: "it is left out until a reload finds it",
        fix: "write the address",
      });
    return address;
  }
}
