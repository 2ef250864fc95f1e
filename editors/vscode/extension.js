// Starts `keelson lsp` for keepalived.conf; everything else is the server's.

const { workspace } = require("vscode");
const { LanguageClient } = require("vscode-languageclient/node");

let client;

function activate(context) {
  const command = workspace.getConfiguration("keelson").get("path", "keelson");
  client = new LanguageClient(
    "keelson",
    "Keelson",
    { command, args: ["lsp"] },
    { documentSelector: [{ scheme: "file", language: "keepalived" }] },
  );
  context.subscriptions.push(client);
  return client.start();
}

function deactivate() {
  return client?.stop();
}

module.exports = { activate, deactivate };
