// One director with a master agent, a trap receiver and a bus of its own, and their usual clients.

import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import type { Host } from "../../src/lab/host.ts";
import { Lab } from "../../src/lab/lab.ts";
import type { LabProcess } from "../../src/lab/lab-process.ts";
import { waitFor } from "../../src/lab/waiting.ts";

/** Longest wait for anything; what takes that long on any machine does not happen. */
const patienceMs = 30_000;
const fromRoot = (path: string): string =>
  fileURLToPath(new URL(`../../../${path}`, import.meta.url));
const program = fromRoot("bin/keelson");
const nodeDirectory = process.execPath.replace(/\/[^/]+$/, "");
const busAddress = "unix:path=/run/bus/socket";
const environment = {
  PATH: `${nodeDirectory}:/usr/sbin:/usr/bin:/sbin:/bin`,
  DBUS_SYSTEM_BUS_ADDRESS: busAddress,
  SNMP_PERSISTENT_DIR: "/run/snmp/state",
  MIBS: "",
};
const configFile = "/run/site/keepalived.conf";
const agent = "udp:127.0.0.1:16161";
const receiver = "udp:127.0.0.1:16162";
/** The account of nobody. */
const nobody = "65534";

const snmpdConfiguration = `agentaddress ${agent}
rocommunity public 127.0.0.1
rwcommunity private 127.0.0.1
master agentx
agentxsocket /run/snmp/agentx
trap2sink 127.0.0.1:16162 public
`;

const busHead = `<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-BUS Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig><type>system</type><listen>${busAddress}</listen><auth>EXTERNAL</auth>`;
/** As a system bus is: nothing goes but what a policy allows. */
const strictBus = `${busHead}<policy context="default"><allow user="*"/><deny own="*"/>
<deny send_type="method_call"/><allow send_type="signal"/><allow send_type="method_return"/>
<allow send_type="error"/><allow receive_type="method_call"/><allow receive_type="method_return"/>
<allow receive_type="error"/><allow receive_type="signal"/>
<allow send_destination="org.freedesktop.DBus"/></policy>
<includedir>/run/bus/system.d</includedir></busconfig>
`;
/** As nobody should configure one. */
const openBus = `${busHead}<policy context="default"><allow user="*"/><allow own="*"/>
<allow send_destination="*"/><allow receive_sender="*"/></policy></busconfig>
`;

/** A configuration that serves everything; `extra` stands in its global part. */
export function managedConfiguration(extra = ""): string {
  return `global_defs {
  router_id STAGE
  enable_dbus
  enable_traps
  enable_snmp_vrrp
  enable_snmp_checker
  enable_snmp_rfc
  snmp_socket unix:/run/snmp/agentx
  ${extra}
}
vrrp_instance VI_1 {
  state BACKUP
  interface eth0
  virtual_router_id 51
  priority 100
  advert_int 1
  virtual_ipaddress {
    10.9.0.100/24
  }
}
vrrp_instance VI_2 {
  state BACKUP
  version 3
  interface eth0
  virtual_router_id 52
  priority 100
  advert_int 0.2
  virtual_ipaddress {
    10.9.0.101/24
  }
}
virtual_server 10.9.0.100 80 {
  delay_loop 1
  lb_algo rr
  lb_kind DR
  protocol TCP
  real_server 10.9.0.2 80 {
    TCP_CHECK {
      connect_timeout 2
      retry 0
    }
  }
}
`;
}

/** The machine and what runs on it. */
export class ManagementStage {
  readonly lab: Lab;
  readonly host: Host;

  private constructor(lab: Lab) {
    this.lab = lab;
    this.host = lab.host("lb");
  }

  static async build(): Promise<ManagementStage> {
    const plan = (name: string, address: string) => ({
      name,
      interfaces: [{ name: "eth0", network: "lan", addresses: [`${address}/24`] }],
    });
    const hosts = [plan("lb", "10.9.0.1"), plan("rs", "10.9.0.2")];
    const stage = new ManagementStage(await Lab.build({ networks: ["lan"], hosts }));
    const { host } = stage;
    await host.shell("mkdir -p /run/snmp/state /run/bus/system.d /run/site && chmod 755 /run/bus");
    host.writeFile("/run/snmp/snmpd.conf", snmpdConfiguration);
    host.writeFile("/run/snmp/snmptrapd.conf", "disableAuthorization yes\n");
    const policy = "org.keepalived.Vrrp1.conf";
    host.copyFile(fromRoot(`packaging/dbus/${policy}`), `/run/bus/system.d/${policy}`);
    return stage;
  }

  start(...argv: readonly string[]): Promise<LabProcess> {
    return this.host.start(argv, { environment });
  }

  /** Runs a program to its end; gives all that it has said. */
  async ask(...argv: readonly string[]): Promise<string> {
    const surroundings = Object.entries(environment).map(([name, value]) => `${name}=${value}`);
    const { stdout, stderr } = await this.host.run(["env", ...surroundings, ...argv]);
    return stdout + stderr;
  }

  async masterAgent(): Promise<LabProcess> {
    const conf = ["-C", "-c", "/run/snmp/snmpd.conf", "-p", "/run/snmp/snmpd.pid"];
    return this.start("snmpd", "-f", "-Lo", ...conf, "-I", "-smux");
  }

  async trapReceiver(): Promise<LabProcess> {
    const conf = ["-C", "-c", "/run/snmp/snmptrapd.conf", "-p", "/run/snmp/snmptrapd.pid"];
    const started = await this.start("snmptrapd", "-f", "-Lo", "-On", ...conf, receiver);
    await until(() => started.output.includes("NET-SNMP version"), "the trap receiver listens");
    return started;
  }

  /** A bus of the system's kind; `open` lets everybody do everything. */
  async bus(open = false): Promise<LabProcess> {
    this.host.writeFile("/run/bus/bus.conf", open ? openBus : strictBus);
    await this.host.shell("rm -f /run/bus/socket");
    const started = await this.start(
      ...["dbus-daemon", "--config-file=/run/bus/bus.conf", "--nofork", "--nopidfile"],
      "--nosyslog",
    );
    const exists = async () => (await this.host.run(["test", "-S", "/run/bus/socket"])).code === 0;
    await until(exists, `the bus listens: ${started.output}`);
    return started;
  }

  async director(text = managedConfiguration()): Promise<LabProcess> {
    this.host.writeFile(configFile, text);
    return this.start(program, "run", "-f", configFile);
  }

  configure(text: string): void {
    this.host.writeFile(configFile, text);
  }

  /** A client of SNMP, such as `snmpwalk`; numbers in and out. */
  snmp(client: string, ...what: readonly string[]): Promise<string> {
    return this.ask(client, "-v2c", "-c", "public", "-On", "-Oe", agent, ...what);
  }

  /** Tries to write. */
  snmpset(...what: readonly string[]): Promise<string> {
    return this.ask("snmpset", "-v2c", "-c", "private", "-On", agent, ...what);
  }

  /** Calls a method as root, or as nobody. */
  call(path: string, method: string, ...rest: readonly string[]): Promise<string> {
    return this.ask(...callArguments(path, method, rest));
  }

  callAsNobody(path: string, method: string, ...rest: readonly string[]): Promise<string> {
    const as = ["setpriv", `--reuid=${nobody}`, `--regid=${nobody}`, "--clear-groups"];
    return this.ask(...as, ...callArguments(path, method, rest));
  }

  /** Shows signals of the service as they come. */
  async signals(): Promise<LabProcess> {
    const rule = "type='signal',path_namespace='/org/keepalived'";
    const started = await this.start("dbus-monitor", "--address", busAddress, rule);
    await until(() => started.output.includes("NameAcquired"), "the monitor listens");
    return started;
  }
}

function callArguments(path: string, method: string, rest: readonly string[]): readonly string[] {
  const to = ["--print-reply", "--dest=org.keepalived.Vrrp1", `/org/keepalived/Vrrp1${path}`];
  return ["dbus-send", `--bus=${busAddress}`, ...to, method, ...rest];
}

/** Waits until something is true. */
export async function until(isTrue: () => boolean | Promise<boolean>, what: string): Promise<void> {
  const seen = await waitFor(async () => ((await isTrue()) ? true : undefined), {
    timeoutMs: patienceMs,
    everyMs: 50,
  });
  assert.ok(seen, `${what}: never`);
}
