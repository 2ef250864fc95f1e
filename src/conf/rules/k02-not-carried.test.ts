import assert from "node:assert/strict";
import { test } from "node:test";
import { told } from "../../../test/rules/check-text.ts";
import { virtualServerWith } from "./example-texts.ts";

const fullNat = virtualServerWith("").replace("lb_kind NAT", "lb_kind FULLNAT");

test("what the kernel's IPVS does not have is marked where it is asked for, and refused", () => {
  const [finding = "", ...more] = told("K02", `global_defs {\n lb_engine ipvs\n}\n${fullNat}`);
  assert.match(finding, /lb_kind: TCP .*: the kernel's IPVS does not do FULLNAT$/);
  assert.deepEqual(more, []);
  assert.deepEqual(told("K02", `global_defs {\n lb_engine ipvs\n}\n${virtualServerWith("")}`), []);
});

test("a group whose clients the kernel cannot remember together is told of, once", () => {
  const group = virtualServerWith("persistence_timeout 60\n    persistence_across_group")
    .replace("192.0.2.17 80", "group web")
    .replace(/^/, "virtual_server_group web {\n    192.0.2.17-19 80\n    192.0.2.17 443\n}\n");
  const [finding = "", ...more] = told("K02", `global_defs {\n lb_engine ipvs\n}\n${group}`);
  assert.match(
    finding,
    /persistence_across_group: group web \(TCP\): the kernel's IPVS does not do/,
  );
  assert.deepEqual(more, []);
  assert.deepEqual(told("K02", group), []);
});

test("the slow model forwards no tunnels", () => {
  const tunnel = virtualServerWith("").replace("lb_kind NAT", "lb_kind TUN");
  const [finding = ""] = told("K02", `global_defs {\n lb_engine model\n}\n${tunnel}`);
  assert.match(finding, /the model data plane does not do TUN$/);
});

test("the eBPF data plane has every scheduler, IPv6 and SCTP", () => {
  for (const text of ["lb_algo wlc", "lb_algo sh", "lb_algo mh", "lb_algo lblcr", "lb_algo twos"])
    assert.deepEqual(told("K02", virtualServerWith("").replace(/lb_algo \w+/, text)), []);
  const six = virtualServerWith("").replaceAll("192.0.2.", "2001:db8::");
  assert.deepEqual(told("K02", six), []);
  assert.deepEqual(told("K02", virtualServerWith("protocol SCTP")), []);
});

test("what the eBPF data plane has not is told where it is asked for", () => {
  const tunnel = virtualServerWith("").replace("lb_kind NAT", "lb_kind TUN");
  assert.deepEqual(told("K02", tunnel), []);
  const [ofIpv6 = ""] = told("K02", tunnel.replaceAll("192.0.2.", "2001:db8::"));
  assert.match(ofIpv6, /the eBPF data plane does not do TUN of or over IPv6$/);
  const [engine = ""] = told(
    "K02",
    virtualServerWith("persistence_timeout 60\n    persistence_engine sip"),
  );
  assert.match(engine, /persistence_engine: .*does not do the persistence engine sip$/);
});
