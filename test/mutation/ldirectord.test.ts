// Every directive of ldirectord.cf, spoilt in every way that can be thought of: each time a finding stands on its line.

import assert from "node:assert/strict";
import { test } from "node:test";
import type { DirectiveName } from "../../src/conf/ldirectord/configuration.ts";
import { directiveNames, specOf } from "../../src/conf/ldirectord/directives.ts";
import { readLdirectord } from "../../src/conf/ldirectord/load-ldirectord.ts";

/** A value of each directive that nothing is to be said about. */
const samples: Readonly<Record<DirectiveName, string>> = {
  checktimeout: "3",
  negotiatetimeout: "3",
  checkinterval: "3",
  checkcount: "1",
  failurecount: "2",
  autoreload: "no",
  callback: '"/bin/true"',
  fallback: "127.0.0.1:80 gate",
  fallback6: "[::1]:80 gate",
  fallbackcommand: "/bin/true",
  logfile: '"local0"',
  emailalert: "ops@example.com",
  emailalertfrom: "director@example.com",
  emailalertfreq: "0",
  emailalertstatus: "all",
  smtp: "192.0.2.25",
  execute: "other.cf",
  supervised: "yes",
  fork: "yes",
  quiescent: "no",
  readdquiescent: "yes",
  cleanstop: "yes",
  maintenancedir: "/run",
  real: "198.51.100.9:80 gate 3",
  real6: "[2001:db8::9]:80 gate 3",
  checktype: "negotiate",
  service: "http",
  checkcommand: "/bin/true",
  checkport: "80",
  request: '"index.html"',
  receive: '"OK"',
  httpmethod: "GET",
  virtualhost: "www.example.com",
  login: '"probe"',
  passwd: '"hidden"',
  database: '"shop"',
  secret: '"hidden"',
  load: '"x"',
  scheduler: "rr",
  schedflags: "flag-1",
  persistent: "300",
  netmask: "255.255.255.0",
  protocol: "tcp",
  monitorfile: "/var/log/x",
  ops: "no",
  servicename: "Web",
  comment: "of the shop",
};

/** Directives of which any text is a value. */
const anyText: ReadonlySet<DirectiveName> = new Set<DirectiveName>([
  ...(["fallbackcommand", "emailalert", "emailalertfrom", "execute", "maintenancedir"] as const),
  ...(["checkcommand", "virtualhost", "monitorfile", "servicename", "comment"] as const),
]);

const section = ["virtual=192.0.2.10:80", "\treal=198.51.100.1:80 gate 3", "\tchecktype=connect"];
const section6 = ["virtual6=[2001:db8::1]:80", "\treal6=[2001:db8::2]:80 gate 3"];

/** Codes of findings on the line that a directive is written on. */
function foundFor(name: DirectiveName, write: (indent: string) => string): readonly string[] {
  const { scopes } = specOf(name);
  const six = !scopes.includes("virtual") && !scopes.includes("global");
  const own = scopes.some((scope) => scope !== "global");
  const [head = "", ...rest] = six ? section6 : section;
  const line = write(own ? "\t" : "");
  const lines = own ? [head, line, ...rest] : [line, head, ...rest];
  const at = own ? 2 : 1;
  return readLdirectord(`${lines.join("\n")}\n`, "l.cf")
    .diagnostics.filter(({ span }) => span.line === at)
    .map(({ code }) => code);
}

for (const name of directiveNames) {
  const value = samples[name];
  const isFound = (what: string, write: (indent: string) => string): void => {
    const codes = foundFor(name, write);
    assert.ok(codes.length > 0, `${name}: ${what} is not found: ${JSON.stringify(write(""))}`);
  };

  test(`${name}: what is spoilt is found on its line`, () => {
    isFound("no value", (indent) => `${indent}${name}=`);
    isFound("no =", (indent) => `${indent}${name} ${value}`);
    if (name !== "supervised") isFound("only the name", (indent) => `${indent}${name}`);
    isFound(
      "a misspelt name",
      (indent) => `${indent}${name.slice(0, -2)}x${name.slice(-2)}=${value}`,
    );
    isFound("a wrong place", (indent) =>
      indent === "" ? ` ${name}=${value}` : `  ${name}=${value}`,
    );
    if (anyText.has(name)) return;
    isFound("another word", (indent) => `${indent}${name}=~${value.replaceAll('"', "")}?`);
    if (/^\d+$/.test(value)) {
      isFound("a number beyond", (indent) => `${indent}${name}=99999999999`);
      isFound("a unit", (indent) => `${indent}${name}=${value}s`);
    }
    if (name !== "emailalertstatus" && name !== "smtp")
      isFound("a word more", (indent) => `${indent}${name}=${value} more`);
  });
}
