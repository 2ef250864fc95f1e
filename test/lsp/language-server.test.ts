// What an editor gets from `keelson lsp`, over stdio.

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import {
  CodeActionRequest,
  CompletionRequest,
  DefinitionRequest,
  type Diagnostic,
  DocumentFormattingRequest,
  DocumentSymbolRequest,
  HoverRequest,
  type Location,
  type Position,
  PrepareRenameRequest,
  ReferencesRequest,
  RenameRequest,
} from "vscode-languageserver/node";
import { Editor } from "./editor.ts";

const site = `vrrp_script chk_web {
    script "/usr/bin/true"
    interval 2
}
vrrp_instance VI_1 {
    interface eth0
    virtual_router_id 51
    priority 150
    virtual_ipaddress {
        192.0.2.10/24
    }
    track_script {
        chk_web
    }
}
vrrp_sync_group G {
    group {
        VI_1
    }
}
`;

/** Where `mark` stands in a text, from its begin. */
function at(text: string, mark: string, offset = 0): Position {
  const index = text.indexOf(mark);
  assert.notEqual(index, -1, `${mark} is in the text`);
  const before = text.slice(0, index + offset).split("\n");
  return { line: before.length - 1, character: before.at(-1)?.length ?? 0 };
}

/** The text of a finding: servers may send it as Markdown, too. */
function textOf({ message }: Diagnostic): string {
  return typeof message === "string" ? message : message.value;
}

describe("the language server", () => {
  let editor: Editor;
  before(async () => {
    editor = await Editor.start();
  });
  after(async () => {
    assert.equal(await editor.close(), 0);
  });

  test("says what it can do", () => {
    const { capabilities } = editor;
    assert.equal(capabilities.hoverProvider, true);
    assert.equal(capabilities.definitionProvider, true);
    assert.deepEqual(capabilities.renameProvider, { prepareProvider: true });
  });

  test("findings come with the text and go with the mistake", async () => {
    const broken = site.replace("priority 150", "prioritty 150");
    const uri = await editor.open("findings.conf", broken);
    const findings = await editor.untilFindings(uri, (list) =>
      list.some(({ code }) => code === "S01"),
    );
    const finding = findings.find(({ code }) => code === "S01");
    assert.deepEqual(finding?.range.start, at(broken, "prioritty"));
    assert.match(finding === undefined ? "" : textOf(finding), /did you mean `priority`/);
    const actions = await editor.connection.sendRequest(CodeActionRequest.type, {
      textDocument: { uri },
      range: finding?.range ?? { start: at(broken, "prioritty"), end: at(broken, "prioritty") },
      context: { diagnostics: [] },
    });
    const [fix] = (actions ?? []).flatMap((action) =>
      "edit" in action && action.edit ? [action.edit] : [],
    );
    assert.deepEqual(
      fix?.changes?.[uri]?.map(({ newText }) => newText),
      ["priority"],
    );
    await editor.change(uri, site);
    await editor.untilFindings(uri, (list) => !list.some(({ code }) => code === "S01"));
  });

  test("findings of an included file stand in that file, with its text as the editor has it", async () => {
    editor.write("part.conf", "vrrp_instance VI_9 {\n    interface eth0\n}\n");
    const main = await editor.open("main.conf", "include part.conf\n");
    const part = editor.uri("part.conf");
    await editor.untilFindings(part, (list) =>
      list.some((one) => /virtual_router_id/.test(textOf(one))),
    );
    await editor.open(
      "part.conf",
      "vrrp_instance VI_9 {\n    interface eth0\n    virtual_router_id 9\n}\n",
    );
    await editor.untilFindings(
      part,
      (list) => !list.some((one) => /no `virtual_router_id`/.test(textOf(one))),
    );
    const definition = await editor.connection.sendRequest(DefinitionRequest.type, {
      textDocument: { uri: main },
      position: { line: 0, character: 10 },
    });
    assert.deepEqual(
      (definition as Location[]).map(({ uri }) => uri),
      [part],
    );
  });

  test("completion knows the block, the values and the names", async () => {
    const text = site
      .replace("    priority 150\n", "    pri\n    state \n")
      .replace("        VI_1\n", "        \n");
    const uri = await editor.open("completion.conf", text);
    const labels = async (position: Position): Promise<readonly string[]> => {
      const answer = await editor.connection.sendRequest(CompletionRequest.type, {
        textDocument: { uri },
        position,
      });
      const items = Array.isArray(answer) ? answer : (answer?.items ?? []);
      return items.map(({ label }) => label);
    };
    const keywords = await labels(at(text, "    pri\n", 7));
    assert.ok(keywords.includes("priority") && keywords.includes("nopreempt"), keywords.join(" "));
    assert.ok(!keywords.includes("lb_algo"), "no keyword of another block");
    assert.deepEqual((await labels(at(text, "state \n", 6))).toSorted(), ["BACKUP", "MASTER"]);
    assert.deepEqual(await labels(at(text, "group {\n        \n", 16)), ["VI_1"]);
    assert.ok((await labels({ line: 0, character: 0 })).includes("virtual_server"));
  });

  test("hover explains a keyword, and shows what a name stands for", async () => {
    const uri = await editor.open("hover.conf", site);
    const hover = async (position: Position): Promise<string> => {
      const answer = await editor.connection.sendRequest(HoverRequest.type, {
        textDocument: { uri },
        position,
      });
      return JSON.stringify(answer?.contents ?? "");
    };
    const priority = await hover(at(site, "priority", 3));
    assert.match(priority, /priority/);
    assert.match(priority, /1 to 255/);
    assert.match(await hover(at(site, "        chk_web", 9)), /usr\/bin\/true/);
  });

  test("a name leads to its definition and to its uses, and is renamed everywhere", async () => {
    const uri = await editor.open("names.conf", site);
    const use = { textDocument: { uri }, position: at(site, "        chk_web", 10) };
    const definition = await editor.connection.sendRequest(DefinitionRequest.type, use);
    assert.deepEqual(
      (definition as Location[]).map(({ range }) => range.start),
      [at(site, "chk_web")],
    );
    const group = { textDocument: { uri }, position: at(site, "        VI_1", 9) };
    const instance = await editor.connection.sendRequest(DefinitionRequest.type, group);
    assert.deepEqual(
      (instance as Location[]).map(({ range }) => range.start),
      [at(site, "VI_1")],
    );
    const references = await editor.connection.sendRequest(ReferencesRequest.type, {
      ...use,
      context: { includeDeclaration: true },
    });
    assert.equal(references?.length, 2);
    assert.notEqual(await editor.connection.sendRequest(PrepareRenameRequest.type, use), null);
    const renamed = await editor.connection.sendRequest(RenameRequest.type, {
      ...use,
      newName: "web",
    });
    assert.deepEqual(
      renamed?.changes?.[uri]?.map(({ newText }) => newText),
      ["web", "web"],
    );
    await assert.rejects(
      editor.connection.sendRequest(RenameRequest.type, { ...use, newName: "two words" }),
      /cannot be a name/,
    );
  });

  test("parameters are names too", async () => {
    const text = `$VIP=192.0.2.10\n${site.replace("192.0.2.10/24", "$VIP")}`;
    const uri = await editor.open("parameters.conf", text);
    const position = at(text, "        $VIP", 10);
    const definition = await editor.connection.sendRequest(DefinitionRequest.type, {
      textDocument: { uri },
      position,
    });
    assert.deepEqual(
      (definition as Location[]).map(({ range }) => range.start),
      [{ line: 0, character: 1 }],
    );
    const renamed = await editor.connection.sendRequest(RenameRequest.type, {
      textDocument: { uri },
      position,
      newName: "ADDRESS",
    });
    assert.equal(renamed?.changes?.[uri]?.length, 2);
  });

  test("the outline has the blocks", async () => {
    const uri = await editor.open("outline.conf", site);
    const symbols = await editor.connection.sendRequest(DocumentSymbolRequest.type, {
      textDocument: { uri },
    });
    assert.deepEqual(
      symbols?.map(({ name }) => name),
      ["vrrp_script chk_web", "vrrp_instance VI_1", "vrrp_sync_group G"],
    );
  });

  test("formatting indents and keeps comments", async () => {
    const uri = await editor.open("format.conf", "vrrp_instance A{ # first\ninterface   eth0\n}\n");
    const edits = await editor.connection.sendRequest(DocumentFormattingRequest.type, {
      textDocument: { uri },
      options: { tabSize: 2, insertSpaces: true },
    });
    assert.deepEqual(
      edits?.map(({ newText }) => newText),
      ["vrrp_instance A {  # first\n  interface eth0\n}\n"],
    );
  });

  test("a text in the middle of being typed breaks nothing", async () => {
    const uri = await editor.open("typing.conf", "");
    for (let length = 1; length < site.length; length += 7)
      await editor.change(uri, site.slice(0, length));
    await editor.change(uri, site);
    await editor.untilFindings(uri, (list) => !list.some(({ severity }) => severity === 1));
  });
});
