import assert from "node:assert/strict";
import { test } from "node:test";
import { ok } from "../../../base/result.ts";
import type { DaemonTraces } from "../../../model/global-options.ts";
import { loadConfiguration } from "../../load-configuration.ts";

function traces(defs: string, top = ""): DaemonTraces | undefined {
  const text = `${top}\nglobal_defs {\n router_id x\n${defs}\n}\n`;
  const { model } = loadConfiguration({ path: "k.conf", readFile: () => ok(text) });
  return model?.global.options?.traces;
}

test("names and permissions of what a daemon leaves on the machine", () => {
  assert.equal(traces(""), undefined);
  assert.deepEqual(traces("", "use_pid_dir"), { ownPidDirectory: true });
  assert.deepEqual(traces("process_names"), { vrrpTitle: "keepalived_vrrp" });
  assert.deepEqual(traces("process_name main\nvrrp_process_name v"), {
    mainTitle: "main",
    vrrpTitle: "v",
  });
  assert.deepEqual(
    traces(
      "data_use_instance\njson_version 2\nstate_dump_file /a/\nstats_dump_file /b\njson_dump_file /c",
    ),
    {
      dumpsNameInstance: true,
      jsonVersion: 2,
      stateDump: "/a/",
      countersDump: "/b",
      jsonDump: "/c",
    },
  );
});

test("a umask is a number as C writes it, or bits by name", () => {
  assert.equal(traces("umask 022")?.umask, 0o22);
  assert.equal(traces("umask 0x12")?.umask, 0o22);
  assert.equal(traces("umask 18")?.umask, 0o22);
  assert.equal(traces("umask IWGRP | IWOTH")?.umask, 0o22);
  assert.equal(traces("umask IRWXG|IRWXO")?.umask, 0o77);
});
