// The language server: requests of an editor -> functions of this room.

import {
  type Connection,
  createConnection,
  type Diagnostic,
  ResponseError,
  StreamMessageReader,
  StreamMessageWriter,
  TextDocumentSyncKind,
  TextDocuments,
} from "vscode-languageserver/node";
import { TextDocument } from "vscode-languageserver-textdocument";
import type { FileReader } from "../conf/keepalived/language/file-reader.ts";
import { completeAt } from "./complete.ts";
import { diagnosticsByFile, fixesFor } from "./diagnostics.ts";
import { hoverAt } from "./hover.ts";
import { definitionsAt, referencesAt, renameAt, renameSpanAt } from "./navigate.ts";
import { rangeOf } from "./places.ts";
import { symbolsOf } from "./symbols.ts";
import { pathOf, uriOf, Workspace } from "./workspace.ts";

/** What the caller lends. */
export interface LanguageServerWorld extends FileReader {
  readonly version: string;
  /** The text formatted; undefined when it is no keepalived.conf. */
  readonly format: (text: string, indent: string) => string | undefined;
}

const invalidParams = -32602;
/** A pause in typing; findings then come at once. */
const pauseMs = 150;

/** Serves one editor over two streams until it says goodbye or hangs up. */
export function serveLanguage(
  input: NodeJS.ReadableStream,
  output: NodeJS.WritableStream,
  world: LanguageServerWorld,
): Promise<void> {
  const connection = createConnection(
    new StreamMessageReader(input),
    new StreamMessageWriter(output),
  );
  const documents = new TextDocuments(TextDocument);
  const workspace = new Workspace(world);
  connection.onInitialize(() => ({
    serverInfo: { name: "keelson", version: world.version },
    capabilities: {
      textDocumentSync: TextDocumentSyncKind.Incremental,
      completionProvider: { triggerCharacters: [" "] },
      hoverProvider: true,
      definitionProvider: true,
      referencesProvider: true,
      renameProvider: { prepareProvider: true },
      documentFormattingProvider: true,
      documentSymbolProvider: true,
      codeActionProvider: { codeActionKinds: ["quickfix"] },
    },
  }));
  publishFindings(connection, documents, workspace);
  answerNavigation(connection, workspace);
  answerEditing(connection, documents, workspace, world);
  documents.listen(connection);
  connection.listen();
  return new Promise((resolve) => {
    connection.onExit(resolve);
    input.once("end", resolve);
  });
}

/** Findings follow the text after a pause; a closed document takes its findings with it. */
function publishFindings(
  connection: Connection,
  documents: TextDocuments<TextDocument>,
  workspace: Workspace,
): void {
  let timer: NodeJS.Timeout | undefined;
  let published = new Set<string>();
  const publish = (): void => {
    // By file, then by the document whose configuration has said it.
    const now = new Map<string, Map<string, readonly Diagnostic[]>>();
    for (const path of workspace.open)
      for (const [file, list] of diagnosticsByFile(workspace.load(path)))
        now.set(file, (now.get(file) ?? new Map()).set(path, list));
    for (const file of published)
      if (!now.has(file)) void connection.sendDiagnostics({ uri: uriOf(file), diagnostics: [] });
    for (const [file, lists] of now) {
      // What includes a file knows more of it than the file alone.
      const others = [...lists].filter(([path]) => path !== file);
      const [, list] = others[0] ?? [...lists][0] ?? [file, []];
      void connection.sendDiagnostics({ uri: uriOf(file), diagnostics: [...(list ?? [])] });
    }
    published = new Set(now.keys());
  };
  const later = (): void => {
    clearTimeout(timer);
    timer = setTimeout(publish, pauseMs);
  };
  documents.onDidChangeContent(({ document }) => {
    workspace.change(pathOf(document.uri), document.getText());
    later();
  });
  documents.onDidClose(({ document }) => {
    workspace.close(pathOf(document.uri));
    later();
  });
  connection.onShutdown(() => clearTimeout(timer));
}

function answerNavigation(connection: Connection, workspace: Workspace): void {
  connection.onCompletion(({ textDocument, position }) => [
    ...completeAt(workspace, pathOf(textDocument.uri), position),
  ]);
  connection.onHover(({ textDocument, position }) =>
    hoverAt(workspace, pathOf(textDocument.uri), position),
  );
  connection.onDefinition(({ textDocument, position }) => [
    ...definitionsAt(workspace, pathOf(textDocument.uri), position),
  ]);
  connection.onReferences(({ textDocument, position }) => [
    ...referencesAt(workspace, pathOf(textDocument.uri), position),
  ]);
  connection.onPrepareRename(({ textDocument, position }) => {
    const path = pathOf(textDocument.uri);
    const span = renameSpanAt(workspace, path, position);
    return span === undefined ? null : rangeOf(span, workspace.text(path));
  });
  connection.onRenameRequest(({ textDocument, position, newName }) => {
    const edit = renameAt(workspace, pathOf(textDocument.uri), position, newName);
    return typeof edit === "string" ? new ResponseError(invalidParams, edit) : edit;
  });
}

function answerEditing(
  connection: Connection,
  documents: TextDocuments<TextDocument>,
  workspace: Workspace,
  world: LanguageServerWorld,
): void {
  connection.onDocumentSymbol(({ textDocument }) => {
    const text = workspace.text(pathOf(textDocument.uri));
    return text === undefined ? [] : [...symbolsOf(text)];
  });
  connection.onCodeAction(({ textDocument, range }) => {
    const path = pathOf(textDocument.uri);
    return workspace.loadAround(path).flatMap((loaded) => [...fixesFor(loaded, path, range)]);
  });
  connection.onDocumentFormatting(({ textDocument, options }) => {
    const document = documents.get(textDocument.uri);
    if (document === undefined) return [];
    const text = document.getText();
    const indent = options.insertSpaces ? " ".repeat(options.tabSize) : "\t";
    const formatted = world.format(text, indent);
    if (formatted === undefined || formatted === text) return [];
    const range = { start: document.positionAt(0), end: document.positionAt(text.length) };
    return [{ range, newText: formatted }];
  });
}
