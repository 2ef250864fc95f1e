import assert from "node:assert/strict";
import { test } from "node:test";
import { LinkDelays } from "./link-delays.ts";

const UP = { up: true, carrier: true };
const DOWN = { up: true, carrier: false };

function delays(downMs: number, upMs: number): LinkDelays {
  const made = new LinkDelays();
  made.configure([{ interface: "eth0", downMs, upMs }]);
  return made;
}

test("the first look counts, and then only what lasts", () => {
  const links = delays(500, 2000);
  assert.equal(links.count("eth0", UP, 0), UP);
  assert.equal(links.count("eth0", DOWN, 100), UP);
  assert.equal(links.wakeAtMs(), 600);
  assert.equal(links.count("eth0", DOWN, 599), UP);
  assert.equal(links.count("eth0", DOWN, 600), DOWN);
  assert.equal(links.count("eth0", UP, 1000), DOWN);
  assert.equal(links.count("eth0", UP, 2999), DOWN);
  assert.equal(links.count("eth0", UP, 3000), UP);
  assert.equal(links.wakeAtMs(), undefined);
});

test("a link that is back before the delay is over has not been away", () => {
  const links = delays(500, 0);
  links.count("eth0", UP, 0);
  links.count("eth0", DOWN, 100);
  assert.equal(links.count("eth0", UP, 400), UP);
  assert.equal(links.count("eth0", DOWN, 450), UP, "the delay begins anew");
  assert.equal(links.wakeAtMs(), 950);
});

test("interfaces without a delay and interfaces that are gone count at once", () => {
  const links = delays(500, 500);
  assert.equal(links.count("eth1", DOWN, 0), DOWN);
  links.count("eth0", UP, 0);
  assert.equal(links.count("eth0", undefined, 1), undefined);
  assert.equal(links.count("eth0", UP, 2), UP, "it comes as a new one");
});

test("a reload with other delays begins anew, with the same ones it disturbs nothing", () => {
  const links = delays(500, 500);
  links.count("eth0", UP, 0);
  links.count("eth0", DOWN, 100);
  links.configure([{ interface: "eth0", downMs: 500, upMs: 500 }]);
  assert.equal(links.wakeAtMs(), 600);
  links.configure([]);
  assert.equal(links.count("eth0", DOWN, 200), DOWN);
});

test("that a change counts is told once, even when nobody looks", () => {
  const links = delays(500, 500);
  links.count("eth0", UP, 0);
  links.count("eth0", DOWN, 100);
  assert.equal(links.takeDue(599), false);
  assert.equal(links.takeDue(600), true);
  assert.equal(links.takeDue(601), false);
  assert.equal(links.wakeAtMs(), undefined);
  assert.equal(links.count("eth0", DOWN, 700), DOWN);
});
