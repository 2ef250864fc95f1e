// What becomes of a method call: keepalived's methods and properties, and the standard interfaces. No
// property can be written by anybody.

import type { VrrpState } from "../../model/status.ts";
import type { ToldState } from "../management-event.ts";
import { type BusCall, type BusDeed, type BusReply, busError } from "./bus-message.ts";
import { instanceInterface, introspect, vrrpInterface } from "./introspection.ts";
import type { BusObject, InstanceObject, ObjectTree } from "./object-tree.ts";

const properties = "org.freedesktop.DBus.Properties";
const introspectable = "org.freedesktop.DBus.Introspectable";
const peer = "org.freedesktop.DBus.Peer";

/** keepalived's numbers of states. */
export const busStateCode: Readonly<Record<ToldState, number>> = {
  INIT: 0,
  BACKUP: 1,
  MASTER: 2,
  FAULT: 3,
  DELETED: 97,
  STOP: 98,
};

const stateNames: Readonly<Record<VrrpState, string>> = {
  INIT: "Init",
  BACKUP: "Backup",
  MASTER: "Master",
  FAULT: "Fault",
};

/** A method: the types of what it takes, and what it does. */
interface Method {
  readonly takes: string;
  readonly answer: (call: BusCall, object: BusObject) => BusReply;
}

/** What standard interfaces need. */
export interface BusSurroundings {
  readonly tree: ObjectTree;
  /** /etc/machine-id; undefined where there is none. */
  readonly machineId: string | undefined;
}

function deed(kind: Exclude<BusDeed["kind"], "send-garp">): Method {
  return { takes: "", answer: () => ({ kind: "deed", deed: { kind } }) };
}

const vrrpMethods: Readonly<Record<string, Method>> = {
  PrintData: deed("print-data"),
  PrintStats: deed("print-stats"),
  PrintStatsClear: deed("print-stats-clear"),
  ReloadConfig: deed("reload"),
};

const instanceMethods: Readonly<Record<string, Method>> = {
  SendGarp: {
    takes: "",
    answer: (_call, object) =>
      object.kind === "instance"
        ? { kind: "deed", deed: { kind: "send-garp", instance: object.name } }
        : busError("Failed", "no instance"),
  },
};

const propertyMethods: Readonly<Record<string, Method>> = {
  Get: { takes: "ss", answer: getProperty },
  GetAll: { takes: "s", answer: getAll },
  Set: { takes: "ssv", answer: setProperty },
};

/** Answers a call. */
export function answerCall(call: BusCall, around: BusSurroundings): BusReply {
  const { path, member } = call;
  const { tree } = around;
  const wanted = call.interface;
  if (wanted === peer || (wanted === undefined && member === "Ping"))
    return answerPeer(call, around.machineId);
  if (member === "Introspect" && (wanted === undefined || wanted === introspectable)) {
    if (call.signature !== "") return noInterface(introspectable, path);
    return { kind: "return", signature: "s", body: [introspect(tree, path)] };
  }
  const object = tree.get(path);
  if (object === undefined)
    return busError("UnknownMethod", `Object does not exist at path “${path}”`);
  const own = object.kind === "vrrp" ? vrrpMethods : instanceMethods;
  const ownName = object.kind === "vrrp" ? vrrpInterface : instanceInterface;
  if (wanted === properties) {
    const method = propertyMethods[member];
    return method?.takes === call.signature
      ? method.answer(call, object)
      : noInterface(properties, path);
  }
  if (wanted !== undefined && wanted !== ownName) return noInterface(wanted, path);
  const method = own[member];
  if (method === undefined) return busError("UnknownMethod", `No such method “${member}”`);
  if (method.takes !== call.signature) {
    const text = `Type of message, “(${call.signature})”, does not match expected type “(${method.takes})”`;
    return busError("InvalidArgs", text);
  }
  return method.answer(call, object);
}

function noInterface(name: string, path: string): BusReply {
  return busError("UnknownMethod", `No such interface “${name}” on object at path ${path}`);
}

function answerPeer({ member }: BusCall, machineId: string | undefined): BusReply {
  if (member === "Ping") return { kind: "return", signature: "", body: [] };
  if (member !== "GetMachineId") return busError("UnknownMethod", `No such method “${member}”`);
  return machineId === undefined
    ? busError("Failed", "this machine has no id")
    : { kind: "return", signature: "s", body: [machineId] };
}

/** Types and values of an object's properties. */
export function propertiesOf(
  object: BusObject,
): Readonly<Record<string, readonly [string, unknown]>> {
  if (object.kind === "vrrp") return {};
  const { name, state }: InstanceObject = object;
  return { Name: ["s", name], State: ["(us)", [busStateCode[state], stateNames[state]]] };
}

function interfaceOf(object: BusObject): string {
  return object.kind === "vrrp" ? vrrpInterface : instanceInterface;
}

function getProperty({ body }: BusCall, object: BusObject): BusReply {
  const [name, property] = body.map(String);
  if (name !== interfaceOf(object)) return busError("InvalidArgs", `No such interface “${name}”`);
  const found = propertiesOf(object)[property ?? ""];
  if (found === undefined) return busError("InvalidArgs", `No such property “${property}”`);
  return { kind: "return", signature: "v", body: [found] };
}

function getAll({ body }: BusCall, object: BusObject): BusReply {
  const name = String(body[0]);
  if (name !== interfaceOf(object)) return busError("InvalidArgs", `No such interface “${name}”`);
  return { kind: "return", signature: "a{sv}", body: [Object.entries(propertiesOf(object))] };
}

function setProperty({ body }: BusCall, object: BusObject): BusReply {
  const [name, property] = body.map(String);
  if (name !== interfaceOf(object)) return busError("InvalidArgs", `No such interface “${name}”`);
  if (propertiesOf(object)[property ?? ""] === undefined)
    return busError("InvalidArgs", `No such property “${property}”`);
  return busError("InvalidArgs", `Property “${property}” is not writable`);
}
