import assert from "node:assert/strict";
import { test } from "node:test";
import { addDestination, addService, keyOf } from "../../../test/contract/tables.ts";
import { Balancer } from "../../balancer/balancer.ts";
import { fail, ok } from "../../base/result.ts";
import type { BalancerTable } from "../../model/balancer-table.ts";
import { KernelSilence, renderSilence } from "./kernel-silence.ts";

function table(): BalancerTable {
  const balancer = new Balancer();
  const [web, any] = [keyOf("TCP", "10.1.0.100:80"), keyOf("UDP", "10.1.0.101:0")];
  balancer.configure(addService(web, "rr"));
  balancer.configure(addDestination(web, "10.2.0.11:8080"));
  balancer.configure(addDestination(web, "10.2.0.12:80", { forwarding: "DR" }));
  balancer.configure(addService(any, "rr"));
  balancer.configure(addDestination(any, "10.2.0.11:0"));
  return balancer.table();
}

test("the kernel is silenced for services and NAT real servers, not for DR ones", () => {
  const sets = renderSilence(table())
    .split("\n")
    .filter((line) => line.startsWith("  set"));
  assert.deepEqual(sets, [
    "  set services { type ipv4_addr . inet_proto . inet_service; elements = { 10.1.0.100 . tcp . 80 }; }",
    "  set whole_addresses { type ipv4_addr . inet_proto; elements = { 10.1.0.101 . udp }; }",
    "  set real_servers { type ipv4_addr . inet_proto . inet_service; elements = { 10.2.0.11 . tcp . 8080 }; }",
    "  set whole_real_servers { type ipv4_addr . inet_proto; elements = { 10.2.0.11 . udp }; }",
  ]);
});

test("nft runs only when the rules change, and again after it has failed", async () => {
  const scripts: string[] = [];
  let works = false;
  const silence = new KernelSilence(async (_, script) => {
    scripts.push(script);
    return works ? ok(undefined) : fail({ kind: "unavailable", text: "not today" });
  });
  assert.equal((await silence.follow(table())).ok, false);
  works = true;
  assert.equal((await silence.follow(table())).ok, true);
  assert.equal((await silence.follow(table())).ok, true);
  assert.equal(scripts.length, 2);
  await silence.lift();
  assert.match(scripts[2] ?? "", /delete table inet keelson_model/);
});
