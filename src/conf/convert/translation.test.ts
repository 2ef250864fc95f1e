import assert from "node:assert/strict";
import { test } from "node:test";
import { settingsOf } from "../keepalived/section.ts";
import { loadAnyConfiguration } from "../load-any-configuration.ts";
import type { LoadedConfiguration } from "../load-configuration.ts";

const text = `# shop
virtual=192.0.2.10:80
	scheduler=rr
	real=198.51.100.1:80 gate 3
	real=198.51.100.2:8080 gate 4
	checktype=connect
	passwd="hidden"
`;

function load(path: string, input: string): LoadedConfiguration {
  return loadAnyConfiguration({
    path,
    readFile: () => ({ ok: true, value: input }),
    listFiles: () => [],
  });
}

test("whatever speaks of a translated file speaks of its own lines", () => {
  const { configuration, diagnostics, sources } = load("l.cf", text);
  assert.ok(configuration !== undefined);
  const [server] = configuration.virtualServers;
  assert.deepEqual(server?.span, { file: "l.cf", line: 2, column: 9, length: 13 });
  const [block] = settingsOf(configuration.root, "virtual_server");
  assert.equal(block?.section, server.section);
  const lines = settingsOf(server.section, "real_server").map(({ line }) => line.span(0).line);
  assert.deepEqual(lines, [4, 5]);
  assert.deepEqual(
    settingsOf(server.section, "lb_algo")[0]?.line.words.map((word) => word.line),
    [3, 3],
  );
  // Direct routing cannot change the port: a rule about keepalived.conf finds it.
  assert.deepEqual(
    diagnostics.map(({ code, span }) => `${code} ${span.line}`),
    ["L01 5", "D19 7"],
  );
  assert.ok(!sources.get("l.cf")?.includes("hidden"));
});

test("the format is told by the text, and by the name where the text says nothing", () => {
  const formats = (path: string, input: string): number =>
    load(path, input).model?.virtualServers.length ?? -1;
  assert.equal(formats("any.conf", text), 1);
  assert.equal(
    formats("any.conf", "-A -t 192.0.2.1:80 -s rr\n-a -t 192.0.2.1:80 -r 198.51.100.1:80 -g\n"),
    1,
  );
  assert.equal(formats("any.cf", "virtual_server 192.0.2.1 80 {\n}\n"), 0);
  const globalOnly = load("ldirectord.cf", "checktimeout=3\nquiescnt=yes\n");
  assert.deepEqual(
    globalOnly.diagnostics.map(({ code }) => code),
    ["D01"],
  );
});

test("a file that cannot be read, or that is no text, is told so whatever its name", () => {
  const unreadable = loadAnyConfiguration({
    path: "l.cf",
    readFile: () => ({ ok: false, fault: { kind: "file-unreadable", text: "permission denied" } }),
    listFiles: () => [],
  });
  assert.deepEqual(
    unreadable.diagnostics.map(({ code }) => code),
    ["S40"],
  );
  const binary = load("l.cf", "virtual=192.0.2.1:80\n\0\n");
  assert.deepEqual(
    binary.diagnostics.map(({ code, stops }) => [code, stops]),
    [["S41", true]],
  );
  assert.equal(binary.model, undefined);
});
