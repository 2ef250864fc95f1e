import assert from "node:assert/strict";
import { test } from "node:test";
import { describeMaster, parseMasterAddress } from "./master-address.ts";

test("addresses of master agents are read as net-snmp writes them", () => {
  const cases: readonly (readonly [string, ReturnType<typeof parseMasterAddress>])[] = [
    ["unix:/var/agentx/master", { path: "/var/agentx/master" }],
    ["/run/agentx", { path: "/run/agentx" }],
    ["tcp:192.0.2.1:7050", { host: "192.0.2.1", port: 7050 }],
    ["udp:192.0.2.1:705", { host: "192.0.2.1", port: 705 }],
    ["192.0.2.1", { host: "192.0.2.1", port: 705 }],
    ["agent.example", { host: "agent.example", port: 705 }],
    ["7050", { host: "localhost", port: 7050 }],
    ["tcp6:[2001:db8::1]:7050", { host: "2001:db8::1", port: 7050 }],
    ["2001:db8::1", { host: "2001:db8::1", port: 705 }],
    ["unix:", undefined],
    ["tcp:192.0.2.1:70500", undefined],
    ["tcp:a b:c", undefined],
  ];
  for (const [text, address] of cases) assert.deepEqual(parseMasterAddress(text), address, text);
});

test("a log names an address as it can be written", () => {
  assert.equal(describeMaster({ path: "/run/agentx" }), "unix:/run/agentx");
  assert.equal(describeMaster({ host: "2001:db8::1", port: 705 }), "tcp:[2001:db8::1]:705");
});
