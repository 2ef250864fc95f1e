import assert from "node:assert/strict";
import { test } from "node:test";
import { ok } from "../../base/result.ts";
import { loadConfiguration } from "../../conf/load-configuration.ts";
import type { Model } from "../../model/model.ts";
import { adaptModel } from "./adapt-model.ts";
import { readDaemonOptions } from "./daemon-options.ts";

const text = `
vrrp_script chk { 
  script "/bin/true" 
}
vrrp_instance VI_1 {
  interface eth0
  virtual_router_id 1
  virtual_ipaddress {
    192.0.2.1/24
  }
  track_script {
    chk
  }
}
bfd_instance b {
  neighbor_ip 192.0.2.9
}
virtual_server 192.0.2.1 80 {
  lb_kind DR
  protocol TCP
  real_server 192.0.2.2 80 {
    TCP_CHECK {
    }
  }
}
`;

function adapted(...argv: string[]): Model {
  const { model } = loadConfiguration({
    path: "k.conf",
    randomSeed: 1,
    readFile: () => ok(text),
  });
  assert.ok(model !== undefined);
  const options = readDaemonOptions(argv, "/");
  assert.ok(options.ok);
  return adaptModel(model, options.value);
}

test("-P leaves VRRP, -C the health checks, -B takes BFD away", () => {
  const count = (model: Model): readonly number[] => [
    model.vrrpInstances.length,
    model.vrrpScripts.length,
    model.virtualServers.length,
    model.bfdSessions?.length ?? 0,
  ];
  assert.deepEqual(count(adapted()), [1, 1, 1, 1]);
  assert.deepEqual(count(adapted("-P")), [1, 1, 0, 1]);
  assert.deepEqual(count(adapted("-C")), [0, 0, 1, 1]);
  assert.deepEqual(count(adapted("-B")), [1, 1, 1, 0]);
  assert.deepEqual(count(adapted("-P", "-C", "-B")), [0, 0, 0, 0]);
});

test("-x serves everything by SNMP, -A says where", () => {
  assert.equal(adapted().global.options?.snmp, undefined);
  assert.equal(adapted("-A", "/agent").global.options?.snmp, undefined);
  assert.deepEqual(adapted("-x", "-A", "/agent").global.options?.snmp, {
    vrrp: true,
    rfcVersion2: true,
    rfcVersion3: true,
    checkers: true,
    traps: false,
    socket: "/agent",
  });
});
