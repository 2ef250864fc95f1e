// Objects, methods and properties on D-Bus, as the clients of keepalived 2.2.7 find them.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { answerCall } from "../../src/management/dbus/answer-call.ts";
import type { BusCall, BusReply } from "../../src/management/dbus/bus-message.ts";
import {
  instanceInterface,
  introspect,
  vrrpInterface,
} from "../../src/management/dbus/introspection.ts";
import { instancePath, objectTree, vrrpPath } from "../../src/management/dbus/object-tree.ts";
import type { Model } from "../../src/model/model.ts";
import { factsOf, modelOf, stageDirectory } from "./stage.ts";

const model = modelOf("keepalived.conf");
const tree = objectTree(factsOf(model));
const root = "/org/keepalived/Vrrp1";
const instance = `${root}/Instance/ka0/51/IPv4`;
const properties = "org.freedesktop.DBus.Properties";

function call(changes: Partial<BusCall>): BusReply {
  const plain = { path: instance, member: "", signature: "", body: [] };
  return answerCall({ ...plain, ...changes }, { tree, machineId: "0123" });
}

function property(member: string, ...body: readonly unknown[]): BusReply {
  const signature = ["", "s", "ss", "ssv"][body.length] ?? "";
  return call({ interface: properties, member, signature, body });
}

function error(name: string, text: string): BusReply {
  return { kind: "error", name: `org.freedesktop.DBus.Error.${name}`, text };
}

/** Without comments, and with an element that holds nothing written in one way. */
function plain(xml: string): string {
  return xml
    .replaceAll(/<!--[\s\S]*?-->/g, "")
    .replaceAll(/>\s+</g, "><")
    .replaceAll(/<(\w+)([^<>]*[^<>/])><\/\1>/g, "<$1$2/>")
    .replace(/<!DOCTYPE[\s\S]*?>/, "")
    .trim();
}

test("there is one object for VRRP, and one an instance: interface, VRID, family", () => {
  assert.deepEqual(
    [...tree.keys()],
    [
      `${root}/Vrrp`,
      `${root}/Instance/ka0/51/IPv4`,
      `${root}/Instance/ka0/52/IPv4`,
      `${root}/Instance/ka1/53/IPv6`,
      `${root}/Instance/ka1/61/IPv6`,
      `${root}/Instance/ka0/62/IPv4`,
    ],
  );
});

test("names of the process and of the namespace stand in the path, with letters, digits and underscores", () => {
  const named: Model = {
    ...model,
    global: { ...model.global, options: { netNamespace: "blue", instanceName: "inst-1" } },
  };
  assert.equal(vrrpPath({ model: named }), `${root}/blue/inst_1/Vrrp`);
  assert.equal(
    instancePath({ model: named }, { interface: "ka-2.5", vrid: 61, family: 6 }),
    `${root}/blue/inst_1/Instance/ka_2_5/61/IPv6`,
  );
});

test("objects describe themselves as keepalived's do", () => {
  for (const [file, path] of [
    ["introspection-vrrp.xml", `${root}/Vrrp`],
    ["introspection-instance.xml", `${root}/Instance/ka0/62/IPv4`],
  ] as const) {
    const theirs = readFileSync(`${stageDirectory}${file}`, "utf8");
    assert.equal(plain(introspect(tree, path)), plain(theirs), path);
  }
});

test("the way to an object can be followed from the root", () => {
  assert.match(introspect(tree, "/"), /<node>\s+<node name="org"\/>\s+<\/node>/);
  assert.match(introspect(tree, root), /<node name="Vrrp"\/>\s+<node name="Instance"\/>/);
  const below = introspect(tree, `${root}/Instance/ka0`);
  assert.deepEqual(
    [...below.matchAll(/node name="(\d+)"/g)].map(([, vrid]) => vrid),
    ["51", "52", "62"],
  );
  assert.equal(plain(introspect(tree, "/nowhere")), "<node></node>");
});

test("an instance tells its name, and its state as number and word", () => {
  assert.deepEqual(property("Get", instanceInterface, "State"), {
    kind: "return",
    signature: "v",
    body: [["(us)", [2, "Master"]]],
  });
  assert.deepEqual(property("GetAll", instanceInterface), {
    kind: "return",
    signature: "a{sv}",
    body: [
      [
        ["Name", ["s", "A"]],
        ["State", ["(us)", [2, "Master"]]],
      ],
    ],
  });
});

test("CVE-2021-44225: no property can be written, by anybody", () => {
  const refused = error("InvalidArgs", "Property “Name” is not writable");
  assert.deepEqual(property("Set", instanceInterface, "Name", "zap"), refused);
  assert.equal(property("Set", instanceInterface, "State", [1, "Backup"]).kind, "error");
  assert.equal(property("Set", vrrpInterface, "Name", "zap").kind, "error");
});

test("methods that act are deeds; they take nothing", () => {
  const deeds = {
    PrintData: "print-data",
    PrintStats: "print-stats",
    PrintStatsClear: "print-stats-clear",
    ReloadConfig: "reload",
  };
  for (const [member, kind] of Object.entries(deeds)) {
    const reply = call({ path: `${root}/Vrrp`, interface: vrrpInterface, member });
    assert.deepEqual(reply, { kind: "deed", deed: { kind } });
  }
  assert.deepEqual(call({ interface: instanceInterface, member: "SendGarp" }), {
    kind: "deed",
    deed: { kind: "send-garp", instance: "A" },
  });
  assert.deepEqual(
    call({
      path: `${root}/Vrrp`,
      interface: vrrpInterface,
      member: "ReloadConfig",
      signature: "s",
      body: ["x"],
    }),
    error("InvalidArgs", "Type of message, “(s)”, does not match expected type “()”"),
  );
});

test("what there is not is refused with the words of keepalived's library", () => {
  const nowhere = `${root}/Nope`;
  assert.deepEqual(
    call({ path: nowhere, interface: vrrpInterface, member: "ReloadConfig" }),
    error("UnknownMethod", `Object does not exist at path “${nowhere}”`),
  );
  assert.deepEqual(
    call({ interface: instanceInterface, member: "CreateInstance" }),
    error("UnknownMethod", "No such method “CreateInstance”"),
  );
  assert.deepEqual(
    call({ interface: "org.nope", member: "Nope" }),
    error("UnknownMethod", `No such interface “org.nope” on object at path ${instance}`),
  );
  assert.deepEqual(
    property("Get", instanceInterface, "Nope"),
    error("InvalidArgs", "No such property “Nope”"),
  );
  assert.deepEqual(
    property("GetAll", "no.such"),
    error("InvalidArgs", "No such interface “no.such”"),
  );
});

test("every path answers a ping", () => {
  const reply = call({ path: "/any", interface: "org.freedesktop.DBus.Peer", member: "Ping" });
  assert.deepEqual(reply, { kind: "return", signature: "", body: [] });
});

test("the policy of the bus denies by default, and lets nobody but root do more than look", () => {
  const file = new URL("../../../packaging/dbus/org.keepalived.Vrrp1.conf", import.meta.url);
  const [, forAll = ""] = readFileSync(file, "utf8").split('<policy context="default">');
  assert.match(forAll, /<deny send_destination="org.keepalived.Vrrp1"\/>/);
  const allowed = [...forAll.matchAll(/send_interface="([^"]+)"(?: send_member="([^"]+)")?/g)];
  assert.deepEqual(
    allowed.map(([, name, member]) => [name, member]),
    [
      ["org.freedesktop.DBus.Introspectable", undefined],
      ["org.freedesktop.DBus.Peer", undefined],
      [properties, "Get"],
      [properties, "GetAll"],
    ],
  );
});
