import assert from "node:assert/strict";
import { test } from "node:test";
import { parseTopology, readTopology } from "./read-topology.ts";

test("YAML and JSON are read alike", () => {
  const yaml = parseTopology("directors:\n  lb1: { eth0: 192.0.2.1/24 }\n", "t.yaml");
  const json = parseTopology('{"directors": {"lb1": {"eth0": "192.0.2.1/24"}}}', "t.json");
  assert.ok(yaml.ok);
  assert.deepEqual(json, yaml);
});

test("an empty file knows nothing", () => {
  assert.ok(parseTopology("# nothing yet\n", "t.yaml").ok);
});

test("faults tell their lines", () => {
  const text = "directors:\n  lb1:\n    eth0: 192.0.2.1\nclients:\n  - 10.0.0.0/99\n";
  assert.deepEqual(parseTopology(text, "t.yaml"), {
    ok: false,
    fault: [
      "t.yaml:3: `192.0.2.1` has no prefix length, as in `192.0.2.1/24`",
      "t.yaml:5: the prefix length of `10.0.0.0/99` is outside 0 to 32",
    ],
  });
});

test("text that is no YAML is told with its line", () => {
  const parsed = parseTopology("directors: {\n", "t.yaml");
  assert.ok(!parsed.ok && /^t\.yaml:\d+: /.test(parsed.fault[0] ?? ""));
});

test("a file that is not there is told", () => {
  const read = readTopology("/nonexistent/topology.yaml");
  assert.ok(!read.ok && read.fault[0]?.startsWith("/nonexistent/topology.yaml: cannot be read"));
});
