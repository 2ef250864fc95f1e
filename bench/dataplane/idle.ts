// What the daemon costs while nothing happens.

import { setTimeout as delay } from "node:timers/promises";
import { Director, keelson } from "../../src/lab/director.ts";
import { Lab } from "../../src/lab/lab.ts";
import { figuresOf } from "../process-figures.ts";
import type { Row } from "./rows.ts";

const configFile = "/run/idle.conf";
const settleMs = 5_000;
const windowMs = 20_000;

/** A director with an address, a virtual server and two real servers, without checks and without packets. */
const configuration = `vrrp_instance VI_1 {
  state MASTER
  interface eth0
  virtual_router_id 51
  priority 100
  advert_int 1
  virtual_ipaddress { 172.20.0.100/24 }
}
virtual_server 172.20.0.100 80 {
  lb_algo wlc
  lb_kind DR
  protocol TCP
  real_server 172.20.0.11 80 { weight 1 }
  real_server 172.20.0.12 80 { weight 1 }
}
`;

/** Share of one core, of all processes of the daemon. */
export async function idleRow(): Promise<Row> {
  const interfaces = [{ name: "eth0", network: "lan", addresses: ["172.20.0.1/24"] }];
  const lab = await Lab.build({ networks: ["lan"], hosts: [{ name: "lb1", interfaces }] });
  try {
    const host = lab.host("lb1");
    host.writeFile(configFile, configuration);
    const running = await new Director(host, keelson, configFile).start();
    await delay(settleMs);
    const before = figuresOf(running.family());
    await delay(windowMs);
    const percent = ((figuresOf(running.family()).cpuMs - before.cpuMs) / windowMs) * 100;
    return {
      case: "idle daemon, MASTER of one address",
      metric: "share of one core",
      unit: "%",
      keelson: Math.round(percent * 100) / 100,
      peers: {},
      target: "< 0.5 %",
      met: percent < 0.5,
    };
  } finally {
    await lab.close();
  }
}
