// The answers of keepalived 2.2.7 through a real master agent, identifier by identifier, beside ours for the
// same configuration in the same states. What differs is listed here, with its reason, and nothing else may.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { MibTree, MibView } from "../../src/management/snmp/mib-view.ts";
import type { Oid } from "../../src/management/snmp/oid.ts";
import { servedParts } from "../../src/management/snmp/snmp-agent.ts";
import type { SnmpValue } from "../../src/management/snmp/value.ts";
import { allServed, factsOf, modelOf, stageDirectory } from "./stage.ts";

const keepalived = "1.3.6.1.4.1.9586.100.5";
const second = "1.3.6.1.2.1.68";
const third = "1.3.6.1.2.1.207";

/** Prefixes of identifiers at which we answer otherwise (docs/deviations/keepalived/snmp.md). */
const differences: Readonly<Record<string, string>> = {
  [`${keepalived}.1.1.0`]: "the version is ours",
  [`${keepalived}.2.3.1.11`]: "follows the own interface unless `dont_track_primary` is written",
  [`${keepalived}.2.3.1.27`]: "true or false in version 2 as well, as the MIB says",
  [`${keepalived}.2.6.1.11`]: "excluded addresses alone are not advertised",
  [`${keepalived}.2.7.1.14.1.5`]: "the kernel had refused this route, which we are told elsewhere",
  [`${keepalived}.2.12.1`]: "the weight and sense of the following, not of the file",
  [`${keepalived}.2.16.1.3`]: "the weight of the following, not of the file",
  [`${keepalived}.2.17.1`]: "the weight and sense of the following, not of the session",
  [`${keepalived}.2.22.1.3`]: "the weight of the following, not of the process",
  [`${keepalived}.3`]:
    "keepalived's part for virtual servers needs IPVS in the kernel, which was not there",
  [`${second}.1.3.1.7`]: "a MASTER names itself",
  [`${second}.1.3.1.10`]: "RFC 2787: a key reads as an empty text",
  [`${second}.1.3.1.13`]: "RFC 2787: the time stamp of the start, not the time since then",
  [`${third}.1.1.1.1.3.5.61`]: "an instance with a source of its own sends from it",
  [`${third}.1.1.1.1.4.5.61`]: "an instance with a source of its own sends from it",
  [`${third}.1.1.1.1.12`]: "the times of two runs differ",
  [`${third}.1.1.2.1`]: "RFC 2578: the length of an address goes before it in an index",
};

/** Rows that keepalived has and leaves out of a walk: of a second instance of version 2 on an interface. */
const leftOut = new RegExp(`^${second}\\.(1\\.3|2\\.4)\\.1\\.\\d+\\.3\\.62$`);

function expected(oid: string): boolean {
  if (leftOut.test(oid)) return true;
  return Object.keys(differences).some((prefix) => oid === prefix || oid.startsWith(`${prefix}.`));
}

function hex(bytes: Uint8Array): string {
  const digits = [...bytes].map((byte) => byte.toString(16).padStart(2, "0").toUpperCase());
  return digits.length === 0 ? '""' : `Hex-STRING: ${digits.join(" ")}`;
}

/** As snmpwalk prints it. */
function print(value: SnmpValue): string {
  switch (value.type) {
    case "integer":
      return `INTEGER: ${value.value}`;
    case "octets":
      return hex(value.value);
    case "oid":
      return `OID: .${value.value.join(".")}`;
    case "ip-address":
      return `IpAddress: ${value.value.join(".")}`;
    case "counter32":
      return `Counter32: ${value.value}`;
    case "gauge32":
      return `Gauge32: ${value.value}`;
    case "timeticks":
      return `Timeticks: (${value.value})`;
    case "counter64":
      return `Counter64: ${value.value}`;
  }
}

function ours(): ReadonlyMap<string, string> {
  const groups = servedParts(allServed).flatMap((part) => part.groups);
  const view = new MibView(new MibTree(groups), factsOf(modelOf("keepalived.conf")));
  const walked = new Map<string, string>();
  let at: Oid = [1];
  for (;;) {
    const found = view.next(at, false, []);
    if (found === undefined) return walked;
    walked.set(found.oid.join("."), print(found.value));
    at = found.oid;
  }
}

function theirs(): ReadonlyMap<string, string> {
  const text = readFileSync(`${stageDirectory}keepalived-walk.txt`, "utf8").trimEnd();
  return new Map(
    text.split("\n").map((line) => {
      const [oid = "", value = ""] = line.split(" = ");
      return [oid.slice(1), value.replace(/^(Timeticks: \(\d+\)).*/, "$1")];
    }),
  );
}

test("each object of keepalived is there with the same value, but for the listed ones", () => {
  const own = ours();
  const wrong = [...theirs()]
    .filter(([oid, value]) => !expected(oid) && own.get(oid) !== value)
    .map(([oid, value]) => `${oid}: keepalived ${value}, ours ${own.get(oid) ?? "nothing"}`);
  assert.deepEqual(wrong, []);
});

test("nothing is there that keepalived does not show, but for the listed objects", () => {
  const known = theirs();
  const more = [...ours()].filter(([oid]) => !known.has(oid) && !expected(oid));
  assert.deepEqual(more, []);
});

test("each listed difference is one", () => {
  const [own, known] = [ours(), theirs()];
  for (const [prefix, reason] of Object.entries(differences)) {
    const below = ([oid]: readonly [string, string]): boolean =>
      oid === prefix || oid.startsWith(`${prefix}.`);
    const same =
      JSON.stringify([...own].filter(below)) === JSON.stringify([...known].filter(below));
    assert.ok(!same, `${prefix} does not differ: ${reason}`);
  }
});
