import assert from "node:assert/strict";
import { test } from "node:test";
import { alternativesOf, matchPaths } from "./glob.ts";

const files = [
  "/etc/k/a.conf",
  "/etc/k/b.conf",
  "/etc/k/.hidden.conf",
  "/etc/k/c.txt",
  "/etc/x.conf",
];

const tree = {
  names: (directory: string): readonly string[] => {
    const prefix = directory.endsWith("/") ? directory : `${directory}/`;
    const inside = files.filter((file) => file.startsWith(prefix));
    return [...new Set(inside.map((file) => file.slice(prefix.length).split("/")[0] ?? ""))];
  },
  isFile: (path: string): boolean => files.includes(path),
};

test("stars, question marks and brackets match names, hidden ones excepted", () => {
  assert.deepEqual(matchPaths("/etc/k/*.conf", tree), ["/etc/k/a.conf", "/etc/k/b.conf"]);
  assert.deepEqual(matchPaths("/etc/?/[!a].conf", tree), ["/etc/k/b.conf"]);
  assert.deepEqual(matchPaths("/etc/k/.h*", tree), ["/etc/k/.hidden.conf"]);
  assert.deepEqual(matchPaths("/etc/*", tree), ["/etc/x.conf"]);
  assert.deepEqual(matchPaths("/none/*", tree), []);
});

test("braces are alternatives, in their order", () => {
  assert.deepEqual(alternativesOf("a{b,c{d,e}}f"), ["abf", "acdf", "acef"]);
  assert.deepEqual(matchPaths("/etc/{x,k/a}.conf", tree), ["/etc/x.conf", "/etc/k/a.conf"]);
  assert.ok(alternativesOf("{a,b}".repeat(30)).length <= 1100);
});
