import assert from "node:assert/strict";
import { test } from "node:test";
import { printDuration } from "./story.ts";
import { wrapText } from "./terminal.ts";
import { renderHost } from "./topology.ts";

test("text is broken at blanks, and only there", () => {
  assert.deepEqual(wrapText("no advert for 3.6 s", 9), ["no advert", "for 3.6 s"]);
  assert.deepEqual(wrapText("unbreakable-word x", 5), ["unbreakable-word", "x"]);
});

test("durations keep three digits that matter", () => {
  assert.equal(printDuration(21.4), "21 ms");
  assert.equal(printDuration(3651), "3.65 s");
  assert.equal(printDuration(15_240), "15.2 s");
});

test("a real server of direct routing keeps quiet about the address on lo", () => {
  const commands = renderHost({ name: "web1", interfaces: [], silentAddresses: ["10.0.0.9"] });
  assert.match(commands, /echo 1 > \/proc\/sys\/net\/ipv4\/conf\/all\/arp_ignore/);
  assert.match(commands, /echo 2 > \/proc\/sys\/net\/ipv4\/conf\/all\/arp_announce/);
  assert.match(commands, /ip address add 10\.0\.0\.9\/32 dev lo/);
});
