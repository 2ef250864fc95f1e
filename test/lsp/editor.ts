// An editor for tests: starts the language server as editors do and speaks the protocol to it through the client half of
// the protocol's own library.

import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import {
  createProtocolConnection,
  type Diagnostic,
  DidChangeTextDocumentNotification,
  DidOpenTextDocumentNotification,
  ExitNotification,
  InitializedNotification,
  InitializeRequest,
  type InitializeResult,
  type ProtocolConnection,
  PublishDiagnosticsNotification,
  ShutdownRequest,
  StreamMessageReader,
  StreamMessageWriter,
} from "vscode-languageserver/node";

const program = fileURLToPath(new URL("../../../bin/keelson", import.meta.url));
const patienceMs = 20_000;

/** A running server, and a folder of files for it. */
export class Editor {
  readonly folder = mkdtempSync(join(tmpdir(), "keelson-editor-"));
  readonly #server: ChildProcess;
  readonly connection: ProtocolConnection;
  readonly #findings = new Map<string, readonly Diagnostic[]>();
  #heard: () => void = () => undefined;
  #version = 1;
  capabilities: InitializeResult["capabilities"] = {};

  private constructor(server: ChildProcess, connection: ProtocolConnection) {
    this.#server = server;
    this.connection = connection;
    connection.onNotification(PublishDiagnosticsNotification.type, ({ uri, diagnostics }) => {
      this.#findings.set(uri, diagnostics);
      this.#heard();
    });
    connection.listen();
  }

  static async start(): Promise<Editor> {
    const server = spawn(process.execPath, [program, "lsp", "--stdio"], {
      stdio: ["pipe", "pipe", "inherit"],
    });
    const editor = new Editor(
      server,
      createProtocolConnection(
        new StreamMessageReader(server.stdout),
        new StreamMessageWriter(server.stdin),
      ),
    );
    const answer = await editor.connection.sendRequest(InitializeRequest.type, {
      processId: process.pid,
      rootUri: pathToFileURL(editor.folder).href,
      capabilities: {},
    });
    editor.capabilities = answer.capabilities;
    await editor.connection.sendNotification(InitializedNotification.type, {});
    return editor;
  }

  /** Puts a file on disk, without opening it. */
  write(name: string, text: string): string {
    writeFileSync(join(this.folder, name), text);
    return this.uri(name);
  }

  uri(name: string): string {
    return pathToFileURL(join(this.folder, name)).href;
  }

  /** Opens a document that the disk need not have. */
  async open(name: string, text: string): Promise<string> {
    const uri = this.uri(name);
    const textDocument = { uri, languageId: "keepalived", version: 1, text };
    await this.connection.sendNotification(DidOpenTextDocumentNotification.type, { textDocument });
    return uri;
  }

  /** Replaces the text of an open document. */
  async change(uri: string, text: string): Promise<void> {
    this.#version++;
    await this.connection.sendNotification(DidChangeTextDocumentNotification.type, {
      textDocument: { uri, version: this.#version },
      contentChanges: [{ text }],
    });
  }

  /** Waits until the findings of a document are as wanted, and gives them. */
  async untilFindings(
    uri: string,
    wanted: (findings: readonly Diagnostic[]) => boolean,
  ): Promise<readonly Diagnostic[]> {
    const deadlineMs = performance.now() + patienceMs;
    for (;;) {
      const findings = this.#findings.get(uri);
      if (findings !== undefined && wanted(findings)) return findings;
      const leftMs = deadlineMs - performance.now();
      if (leftMs <= 0) throw new Error(`never: ${JSON.stringify(findings)}`);
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, leftMs);
        this.#heard = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
  }

  /** Says goodbye as the protocol wants it; gives the server's exit status. */
  async close(): Promise<number | null> {
    const ended = new Promise<number | null>((resolve) => this.#server.once("exit", resolve));
    await this.connection.sendRequest(ShutdownRequest.type);
    await this.connection.sendNotification(ExitNotification.type);
    const status = await ended;
    rmSync(this.folder, { recursive: true, force: true });
    return status;
  }
}
