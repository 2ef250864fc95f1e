// One director with two real servers on one segment, and what tests ask of it.

import assert from "node:assert/strict";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Host } from "../../src/lab/host.ts";
import { Lab } from "../../src/lab/lab.ts";
import type { LabProcess } from "../../src/lab/lab-process.ts";
import { waitFor } from "../../src/lab/waiting.ts";
import type { DirectorStatus, VrrpInstanceStatus } from "../../src/model/status.ts";

export const vip = "193.168.140.80";
export const configFile = "/run/site/keelson.conf";
/** Longest wait for anything; what takes that long on any machine does not happen. */
const patienceMs = 30_000;
const program = fileURLToPath(new URL("../../../bin/keelson", import.meta.url));
const nodeDirectory = process.execPath.replace(/\/[^/]+$/, "");
const environment = { PATH: `${nodeDirectory}:/usr/sbin:/usr/bin:/sbin:/bin` };

/** Undefined when namespaces can be made, else why not. */
export function whyNot(): string | undefined {
  return process.getuid?.() === 0 ? undefined : "needs root";
}

/** Whether the kernel's IPVS is there, or modprobe would load it. */
export async function kernelHasIpvs(host: Host): Promise<boolean> {
  const look = "test -e /proc/net/ip_vs || modprobe --dry-run --quiet ip_vs";
  return (await host.run(["sh", "-c", look])).code === 0;
}

/** A configuration with quick timers; `extra` stands in front of it. */
export function siteConfiguration(extra = ""): string {
  const realServer = (address: string): string => `
  real_server ${address} 80 {
    weight 10
    TCP_CHECK { 
      connect_timeout 2
      retry 1
      delay_before_retry 1
    }
  }`;
  return `${extra}
global_defs {
  router_id STAGE
}
vrrp_instance VI_1 {
  state MASTER
  interface ens4
  virtual_router_id 51
  priority 100
  advert_int 1
  virtual_ipaddress {
    ${vip}
  }
}
virtual_server ${vip} 80 {
  delay_loop 1
  lb_algo rr
  lb_kind DR
  protocol TCP
${realServer("193.168.140.152")}
${realServer("193.168.140.224")}
}
`;
}

/** The machines of the stage, and the program on one of them. */
export class DirectorStage {
  readonly lab: Lab;
  readonly host: Host;

  private constructor(lab: Lab) {
    this.lab = lab;
    this.host = lab.host("lb");
  }

  static async build(): Promise<DirectorStage> {
    const plan = (name: string, address: string) => ({
      name,
      interfaces: [{ name: "ens4", network: "lan", addresses: [`${address}/24`] }],
    });
    const lab = await Lab.build({
      networks: ["lan"],
      hosts: [
        plan("lb", "193.168.140.10"),
        plan("rs1", "193.168.140.152"),
        plan("rs2", "193.168.140.224"),
      ],
    });
    return new DirectorStage(lab);
  }

  /** Starts a program that accepts connections on port 80 of a real server. */
  async serve(name: string): Promise<LabProcess> {
    const listen =
      'require("net").createServer((s) => s.on("error", () => 0).end()).listen(80, () => console.log("up"))';
    const server = await this.lab.host(name).start([process.execPath, "-e", listen]);
    await until(() => server.output.includes("up"), `${name} listens`);
    return server;
  }

  /** `keelson ARGUMENTS` on the director's host, in the background. */
  start(...argv: readonly string[]): Promise<LabProcess> {
    return this.host.start([program, ...argv], { environment });
  }

  /** `keelson run` on the configuration, until it answers. */
  async run(text: string = siteConfiguration()): Promise<LabProcess> {
    this.host.writeFile(configFile, text);
    const director = await this.start("run", "-f", configFile);
    const answered = await waitFor(
      async () => ((await this.status()) === undefined ? undefined : true),
      { timeoutMs: patienceMs },
    );
    assert.ok(answered, `the director never answered: ${director.output}`);
    return director;
  }

  /** Runs `keelson ARGUMENTS` to its end. */
  async ask(...argv: readonly string[]): Promise<{ code: number; output: string }> {
    const asked = await this.start(...argv);
    const { code } = await asked.ended;
    return { code: code ?? 137, output: asked.output };
  }

  /** Undefined while no director answers. */
  async status(): Promise<DirectorStatus | undefined> {
    const path = join("/run/keelson", "control.sock");
    const script = `const s=require("net").connect("${path}",()=>s.write('{"command":"status"}\\n'));let t="";s.on("data",(d)=>{t+=d;if(t.endsWith("\\n")){process.stdout.write(t);s.destroy()}})`;
    const answer = await this.host.run([process.execPath, "-e", script]);
    if (answer.code !== 0 || answer.stdout === "") return undefined;
    const parsed = JSON.parse(answer.stdout) as { readonly status?: DirectorStatus };
    return parsed.status;
  }

  /** Waits for a status that has what is wanted, and gives it. */
  async untilStatus(
    wanted: (status: DirectorStatus) => boolean,
    what: string,
  ): Promise<DirectorStatus> {
    const look = async (): Promise<DirectorStatus | undefined> => {
      const status = await this.status();
      return status !== undefined && wanted(status) ? status : undefined;
    };
    const status = await waitFor(look, { timeoutMs: patienceMs });
    if (status === undefined)
      assert.fail(`never: ${what}: ${JSON.stringify(await this.status(), undefined, 1)}`);
    return status;
  }

  /** Watches the addresses of the director's host as the kernel reports them. */
  async watchAddresses(): Promise<LabProcess> {
    const monitor = await this.host.start(["ip", "-4", "-o", "monitor", "address"]);
    // A monitor that has reported one change will report the next.
    await this.host.shell(
      "ip address add 127.0.0.77/32 dev lo; ip address del 127.0.0.77/32 dev lo",
    );
    await until(() => monitor.output.includes("127.0.0.77"), "the monitor reports");
    return monitor;
  }

  async holdsVip(): Promise<boolean> {
    return (await this.host.shell("ip -4 -o address show dev ens4")).includes(`inet ${vip}/`);
  }

  /** Ends processes of the host by the number that they have there. */
  async kill(...pids: readonly (number | undefined)[]): Promise<void> {
    await this.host.shell(`kill -KILL ${pids.filter((pid) => pid !== undefined).join(" ")}`);
  }
}

/** The one instance of the configuration. */
export function onlyInstance(status: DirectorStatus): VrrpInstanceStatus {
  const [instance] = status.vrrpInstances;
  assert.ok(instance !== undefined, "the status has the instance");
  return instance;
}

/** Real servers that the data plane has, by address. */
export function serving(status: DirectorStatus): string[] {
  return status.virtualServers
    .flatMap((server) => server.realServers)
    .filter((server) => server.weight !== undefined)
    .map((server) => server.address);
}

/** Waits until something is true; fails with what it was. */
export async function until(
  condition: () => boolean | Promise<boolean>,
  what: string,
): Promise<void> {
  const look = async (): Promise<true | undefined> => ((await condition()) ? true : undefined);
  assert.ok(await waitFor(look, { timeoutMs: patienceMs, everyMs: 50 }), `never: ${what}`);
}
