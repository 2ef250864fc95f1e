import assert from "node:assert/strict";
import { test } from "node:test";
import { parseRunOptions } from "./run-options.ts";

function fault(...argv: string[]): string {
  const options = parseRunOptions(argv);
  return options.ok ? "" : options.fault.text;
}

test("what is not said has the places that a package uses", () => {
  assert.deepEqual(parseRunOptions([]), {
    ok: true,
    value: {
      configFile: "/etc/keepalived/keepalived.conf",
      runDirectory: "/run/keelson",
      pinDirectory: "/sys/fs/bpf/keelson",
      dryRun: false,
    },
  });
});

test("paths become absolute, so that a reload finds the same file", () => {
  const options = parseRunOptions(["-f", "a.conf", "--run-dir=/tmp/r", "--dry-run"]);
  assert.ok(options.ok);
  assert.equal(options.value.configFile, `${process.cwd()}/a.conf`);
  assert.equal(options.value.runDirectory, "/tmp/r");
  assert.equal(options.value.dryRun, true);
});

test("a usage fault says what to type instead", () => {
  assert.equal(fault("--run-dri", "x"), "unknown option --run-dri; did you mean --run-dir?");
  assert.equal(fault("a.conf"), 'run takes no argument "a.conf"; a file goes behind -f');
  assert.equal(fault("-f"), "-f needs a value");
  assert.equal(fault("--dry-run=yes"), "--dry-run takes no value");
});
