import assert from "node:assert/strict";
import { test } from "node:test";
import { ok } from "../base/result.ts";
import { loadConfiguration } from "../conf/load-configuration.ts";
import type { Model } from "../model/model.ts";
import { virtualServerName } from "../model/virtual-server.ts";
import { desiredTable } from "../plan/desired-table.ts";
import { departingServices, stillHeld } from "./departing-services.ts";

function model(addresses: readonly string[], servers: readonly string[]): Model {
  const instance = `vrrp_instance VI_1 {
  interface ens4
  virtual_router_id 51
  virtual_ipaddress {
    ${addresses.join("\n    ")}
  }
}
`;
  const virtualServer = (address: string): string => `virtual_server ${address} 80 {
  lb_kind NAT
  protocol TCP
  real_server 10.0.0.7 80 {
  }
}
`;
  const text = (addresses.length > 0 ? instance : "") + servers.map(virtualServer).join("");
  const loaded = loadConfiguration({ path: "test.conf", readFile: () => ok(text) });
  assert.ok(loaded.model !== undefined);
  return loaded.model;
}

const before = model(["10.0.0.1", "10.0.0.2"], ["10.0.0.1", "10.0.0.2", "10.0.0.3"]);
const table = desiredTable(before, new Map());

function departing(after: Model): string[] {
  return departingServices(table, before, after).map((one) => virtualServerName(one.key));
}

test("a virtual server that goes together with its virtual address departs", () => {
  assert.deepEqual(departing(model(["10.0.0.2"], ["10.0.0.2", "10.0.0.3"])), ["TCP 10.0.0.1:80"]);
  assert.deepEqual(departing(model([], [])), ["TCP 10.0.0.1:80", "TCP 10.0.0.2:80"]);
});

test("one whose address stays goes at once, and so does one on an address of nobody's", () => {
  assert.deepEqual(departing(model(["10.0.0.1", "10.0.0.2"], ["10.0.0.2"])), []);
});

test("one that stays while its address goes is not departing", () => {
  assert.deepEqual(departing(model([], ["10.0.0.1", "10.0.0.2", "10.0.0.3"])), []);
});

test("it departs for as long as its address is here", () => {
  const services = departingServices(table, before, model([], []));
  assert.deepEqual(
    stillHeld(services, (address) => address === "10.0.0.2").map((one) =>
      virtualServerName(one.key),
    ),
    ["TCP 10.0.0.2:80"],
  );
});
