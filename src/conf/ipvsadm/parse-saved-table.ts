// Text as `ipvsadm -S` writes it -> the table, with everything that is to be said about it. Never throws.

import type { Diagnostic, Finding, Span } from "../text/diagnostic.ts";
import { readServer, readService, type ServiceAddress } from "./read-rule.ts";
import { commandWords } from "./rule-options.ts";
import type { ResolveHost } from "./rule-values.ts";
import type { OnLine, PlacedService, SavedServer, SavedTable } from "./saved-table.ts";
import { type RuleWord, scanOptions, wordsOf } from "./scan-rule.ts";
import { keyIdentity } from "./sort-table.ts";

/** What came of a text. */
export interface ParsedTable {
  readonly table: SavedTable;
  readonly diagnostics: readonly Diagnostic[];
}

interface ServiceDraft extends PlacedService {
  readonly servers: OnLine<SavedServer>[];
  /** Servers by address and port: where each stands. */
  readonly places: Map<string, Span>;
}

/** Reads a text; `file` is what places say. */
export function parseSavedTable(text: string, file: string, resolve?: ResolveHost): ParsedTable {
  const reader = new TableReader(file, resolve);
  for (const [i, line] of text.split("\n").entries()) reader.line(line, i + 1);
  return {
    table: { services: [...reader.services.values()], commentsBelow: reader.takeComments() },
    diagnostics: reader.diagnostics,
  };
}

class TableReader {
  readonly diagnostics: Diagnostic[] = [];
  readonly services = new Map<string, ServiceDraft>();
  readonly #file: string;
  readonly #resolve: ResolveHost | undefined;
  #number = 0;
  #saidComment = false;
  #comments: string[] = [];

  constructor(file: string, resolve: ResolveHost | undefined) {
    this.#file = file;
    this.#resolve = resolve;
  }

  line(text: string, number: number): void {
    this.#number = number;
    const words = wordsOf(text);
    const [first, second] = words;
    if (first === undefined) return;
    if (first.text.startsWith("#")) {
      this.#comment(first, text);
      return;
    }
    const start = first.text === "ipvsadm" ? 1 : 0;
    const command = start === 0 ? first : second;
    if (command !== undefined) this.#rule(command, words.slice(start + 1));
  }

  #rule(command: RuleWord, rest: readonly RuleWord[]): void {
    const report = (word: RuleWord, code: string, finding: Finding): void =>
      this.#report(this.#span(word), code, finding);
    const context = {
      report,
      ...(this.#resolve === undefined ? {} : { resolve: this.#resolve }),
    };
    const name = commandWords.get(command.text);
    if (name === "add-service") {
      const service = readService(command, scanOptions(rest, name, report), context);
      if (service !== undefined) this.#addService(this.#span(command), service);
    } else if (name === "add-server") {
      const read = readServer(command, scanOptions(rest, name, report), context);
      if (read !== undefined) this.#addServer(this.#span(command), read.service, read.server);
    } else if (name !== "clear" || this.services.size > 0) this.#notOfTable(command, name);
  }

  #addService(span: Span, value: PlacedService["value"]): void {
    const id = keyIdentity(value.key);
    const before = this.services.get(id);
    if (before === undefined) {
      const comments = this.takeComments();
      this.services.set(id, { value, span, comments, servers: [], places: new Map() });
      return;
    }
    this.#report(span, "A06", {
      severity: "error",
      message: "this service stands in the table already",
      related: [{ span: before.span, label: "first here" }],
      effect: "ipvsadm says so and goes on with the first; so does Keelson",
      fix: "remove one of them",
    });
  }

  #addServer(span: Span, service: ServiceAddress, server: SavedServer | undefined): void {
    const owner = this.services.get(keyIdentity(service.key));
    if (owner === undefined) {
      this.#report(span, "A07", {
        severity: "error",
        message: "no line above adds the service of this server",
        effect: "ipvsadm says so and goes on without the server; so does Keelson",
        fix: "add a line `-A` with the same service in front of it",
      });
      return;
    }
    if (server === undefined) return;
    const id = `${server.address} ${server.port}`;
    const before = owner.places.get(id);
    if (before === undefined) {
      owner.places.set(id, span);
      owner.servers.push({ value: server, span, comments: this.takeComments() });
      return;
    }
    this.#report(span, "A06", {
      severity: "error",
      message: "this server belongs to the service already",
      related: [{ span: before, label: "first here" }],
      effect: "ipvsadm says so and goes on with the first; so does Keelson",
      fix: "remove one of them",
    });
  }

  #notOfTable(command: RuleWord, name: string | undefined): void {
    this.#report(this.#span(command), "A08", {
      severity: "error",
      stops: true,
      message:
        name === undefined
          ? `\`${command.text}\` is no command of ipvsadm`
          : `\`${command.text}\` does not describe a table`,
      label: "-A adds a service, -a a server",
      effect: "a saved table says what there is, not what changes",
      fix: "save the table with `ipvsadm -Sn`",
    });
  }

  /** The comments since the last line. */
  takeComments(): readonly string[] {
    const comments = this.#comments;
    this.#comments = [];
    return comments;
  }

  #comment(word: RuleWord, text: string): void {
    this.#comments.push(text.trim().slice(1).trim());
    if (this.#saidComment) return;
    this.#saidComment = true;
    this.#report(this.#span(word), "A11", {
      severity: "advice",
      message: "`ipvsadm -R` knows no comments",
      effect:
        "it stops there with half of the table loaded; `ipvsadm-restore` and Keelson skip the line",
      fix: "load the table with `ipvsadm-restore`",
    });
  }

  #span(word: RuleWord): Span {
    return { file: this.#file, line: this.#number, column: word.column, length: word.text.length };
  }

  #report(span: Span, code: string, finding: Finding): void {
    this.diagnostics.push({ ...finding, code, span });
  }
}
