import assert from "node:assert/strict";
import { test } from "node:test";
import type { Model } from "../../../model/model.ts";
import type { VirtualServer } from "../../../model/virtual-server.ts";
import type { VrrpOptions } from "../../../model/vrrp-options.ts";
import { loadConfiguration } from "../../load-configuration.ts";

/** The model that rules see: it is made whatever is found. */
function modelOf(text: string): Model {
  const { configuration } = loadConfiguration({
    path: "k.conf",
    readFile: () => ({ ok: true, value: text }),
  });
  assert.ok(configuration !== undefined);
  return configuration.model;
}

function instance(lines: string): string {
  return `vrrp_instance A {\n interface eth0\n virtual_router_id 5\n${lines}\n}\n`;
}

function optionsOf(lines: string): unknown {
  return modelOf(instance(lines)).vrrpInstances[0]?.options;
}

function optionsGiven(lines: string): VrrpOptions {
  return modelOf(instance(lines)).vrrpInstances[0]?.options ?? {};
}

test("an instance that says nothing special has no options", () => {
  assert.equal(optionsOf("priority 100"), undefined);
});

test("a sync group has the members that exist, and they know it", () => {
  const model = modelOf(
    `${instance("")}vrrp_sync_group G {\n group {\n A\n B A\n }\n notify_master "/bin/m one" nobody\n track_script {\n s weight -5 reverse\n }\n smtp_alert off\n}\n`,
  );
  assert.deepEqual(model.syncGroups, [
    {
      name: "G",
      members: ["A"],
      tracking: {
        interfaces: [],
        scripts: [{ name: "s", weight: -5, reverse: true }],
        files: [],
        processes: [],
        bfdSessions: [],
      },
      weights: false,
      notify: { master: { command: ["/bin/m", "one"], user: "nobody" } },
      mail: false,
    },
  ]);
  assert.deepEqual(model.vrrpInstances[0]?.options, { syncGroup: "G" });
});

test("unicast peers come with their limits, and the source with them", () => {
  const options = optionsOf(
    "unicast_src_ip 10.0.0.1\n unicast_peer {\n 10.0.0.2 min_ttl 254 max_ttl 255\n 10.0.0.3\n }\n unicast_ttl 64\n check_unicast_src",
  );
  assert.deepEqual(options, {
    unicast: {
      source: "10.0.0.1",
      peers: [{ address: "10.0.0.2", ttlMin: 254, ttlMax: 255 }, { address: "10.0.0.3" }],
      ttl: 64,
      checkSource: true,
      faultWithoutPeers: false,
    },
  });
});

test("unicast hears its peers only, unless told otherwise", () => {
  const peers = "unicast_peer {\n 10.0.0.2\n }\n";
  assert.equal(optionsGiven(peers).unicast?.checkSource, true);
  assert.equal(optionsGiven(`${peers} check_unicast_src no`).unicast?.checkSource, false);
});

test("authentication headers belong to version 2, signed adverts to both", () => {
  const authentication = "authentication {\n auth_type AH\n auth_pass secret\n }";
  const of = (version: string): unknown =>
    modelOf(
      `vrrp_instance A {\n interface eth0\n virtual_router_id 1\n ${version}\n ${authentication}\n}\n`,
    ).vrrpInstances[0]?.authentication;
  assert.deepEqual(of("version 2"), { type: "AH", password: "secret" });
  assert.deepEqual(of("version 3"), { type: "none" });
  const key = "0123456789abcdef0123456789abcdef";
  assert.deepEqual(
    optionsGiven(`auth_hmac {\n key 1 ${key}\n active_key 1\n time_window 9\n }`).hmac,
    {
      keys: [{ id: 1, key }],
      activeKey: 1,
      timeWindowMs: 9000,
      antiReplay: "time",
      mode: "enforce",
    },
  );
});

test("interfaces share a budget of announcements, and one word makes them the fewest", () => {
  const model = modelOf(
    "global_defs {\n vrrp_min_garp\n log_unknown_vrids\n}\ngarp_group {\n garp_interval 0.5\n interfaces {\n eth0 eth1\n eth2\n }\n}\nvrrp_instance A {\n interface eth0\n virtual_router_id 1\n}\n",
  );
  assert.deepEqual(model.global.options?.garpGroups, [
    { interfaces: ["eth0", "eth1", "eth2"], garpIntervalMs: 500 },
  ]);
  assert.equal(model.global.options?.logUnknownVrids, true);
  assert.equal(model.vrrpInstances[0]?.garp.repeat, 1);
  assert.equal(model.vrrpInstances[0]?.garp.delayMs, 0);
});

test("a virtual MAC has a name or an address in either order; accept and no_accept undo each other", () => {
  assert.deepEqual(optionsOf("use_vmac 00:00:5e:00:01:05 vrrp.5\n vmac_xmit_base"), {
    virtualMac: {
      interface: "vrrp.5",
      mac: "00:00:5e:00:01:05",
      ofAddresses: false,
      transmitFromBase: true,
    },
  });
  assert.deepEqual(optionsOf("no_accept\n accept"), { accept: true });
  assert.deepEqual(optionsOf("accept\n no_accept"), { accept: false });
});

test("routes and rules are fields where the model has one, and options in order otherwise", () => {
  assert.deepEqual(
    optionsOf(
      "virtual_routes {\n 192.0.2.0/24 via 10.0.0.9 dev eth1 metric 7 no_track mtu lock 1400\n blackhole 198.51.100.0/24\n default nexthop via 10.0.0.8 weight 2\n }\n virtual_rules {\n from 10.0.0.1/32 table 100 priority 50 iif eth1\n }",
    ),
    {
      routes: [
        {
          type: "unicast",
          destination: "192.0.2.0/24",
          via: "10.0.0.9",
          interface: "eth1",
          metric: 7,
          tracked: false,
          options: [{ name: "mtu", values: ["lock", 1400] }],
        },
        { type: "blackhole", destination: "198.51.100.0/24", tracked: true, options: [] },
        {
          type: "unicast",
          destination: "default",
          tracked: true,
          options: [
            { name: "nexthop", values: [] },
            { name: "via", values: ["10.0.0.8"] },
            { name: "weight", values: [2] },
          ],
        },
      ],
      rules: [
        {
          from: "10.0.0.1/32",
          table: "100",
          preference: 50,
          tracked: true,
          options: [{ name: "iif", values: ["eth1"] }],
        },
      ],
    },
  );
});

test("a destination may stand behind options", () => {
  const options = optionsOf("virtual_routes {\n src 10.0.0.1 192.0.2.0/24 via 10.0.0.9\n }");
  assert.deepEqual(options, {
    routes: [
      {
        type: "unicast",
        destination: "192.0.2.0/24",
        via: "10.0.0.9",
        source: "10.0.0.1",
        tracked: true,
        options: [],
      },
    ],
  });
});

test("static objects stand by themselves", () => {
  const model = modelOf(
    "track_group T {\n group {\n A\n }\n}\nstatic_ipaddress {\n 192.0.2.1/24 dev eth0 track_group T\n}\n",
  );
  assert.deepEqual(model.staticObjects, {
    addresses: [
      {
        address: "192.0.2.1",
        prefixLength: 24,
        interface: "eth0",
        tracked: true,
        trackGroup: "T",
      },
    ],
    routes: [],
    rules: [],
  });
  assert.deepEqual(model.trackGroups, [{ name: "T", instances: ["A"] }]);
});

test("trackers have their defaults", () => {
  const model = modelOf(
    `track_file F {\n file /tmp/f\n init_file 3 overwrite\n}\nvrrp_track_process P {\n process nginx -g\n delay 2\n}\nbfd_instance B {\n neighbor_ip 10.0.0.2\n min_tx 50\n}\n`,
  );
  assert.deepEqual(model.trackFiles, [
    {
      name: "F",
      path: "/tmp/f",
      weight: 1,
      reverse: false,
      init: { value: 3, overwrite: true },
    },
  ]);
  assert.deepEqual(model.trackProcesses, [
    {
      name: "P",
      process: ["nginx", "-g"],
      match: "exact",
      fullCommand: false,
      weight: 0,
      reverse: false,
      quorum: 1,
      forkDelayMs: 2000,
      terminateDelayMs: 2000,
    },
  ]);
  const [session] = model.bfdSessions ?? [];
  assert.equal(session?.minTransmitMs, 50);
  assert.equal(session?.multiplier, 5);
  assert.deepEqual([session?.forVrrp, session?.forCheckers], [true, true]);
});

const realServer = "real_server 10.0.0.2 80 {\n TCP_CHECK {\n }\n }";

test("a group's virtual server stands once for each entry, beside those that are served", () => {
  const model = modelOf(
    `virtual_server_group G {\n 192.0.2.1-3 80\n 192.0.2.16/30 443\n fwmark 7\n}\nvirtual_server group G {\n protocol TCP\n ${realServer}\n}\n`,
  );
  assert.deepEqual(model.virtualServers, []);
  assert.deepEqual(model.serverGroups, [
    {
      name: "G",
      entries: [
        { kind: "addresses", first: "192.0.2.1", last: "192.0.2.3", port: 80 },
        { kind: "addresses", first: "192.0.2.16", last: "192.0.2.19", port: 443 },
        { kind: "fwmark", fwmark: 7 },
      ],
    },
  ]);
  assert.deepEqual(
    model.groupServers?.map(({ group, server }) => [group, server.key]),
    [
      ["G", { kind: "address", address: "192.0.2.1", port: 80, protocol: "TCP" }],
      ["G", { kind: "address", address: "192.0.2.16", port: 443, protocol: "TCP" }],
      ["G", { kind: "fwmark", fwmark: 7, family: 4 }],
    ],
  );
});

function plannedCheck(block: string): Record<string, unknown> {
  const model = modelOf(
    `virtual_server 192.0.2.1 80 {\n delay_loop 20\n protocol TCP\n real_server 10.0.0.2 80 {\n ${block}\n }\n}\n`,
  );
  const [server] = model.virtualServers[0]?.realServers ?? [];
  assert.deepEqual(server?.checks, []);
  const [check] = server?.plannedChecks ?? [];
  assert.ok(check !== undefined);
  return { ...check };
}

test("checks that nobody runs yet keep what they wish for, with their own defaults", () => {
  const misc = plannedCheck('MISC_CHECK {\n misc_path "/bin/c a"\n misc_dynamic\n user u\n }');
  assert.deepEqual(misc["program"], { command: ["/bin/c", "a"], user: "u" });
  assert.equal(misc["timeoutMs"], 20_000);
  assert.equal(misc["dynamicWeight"], true);
  const dns = plannedCheck("DNS_CHECK {\n name example.org\n }");
  assert.deepEqual(dns["question"], { type: "SOA", name: "example.org" });
  const { retries, delayBeforeRetryMs } = dns["timing"] as Record<string, number>;
  assert.deepEqual([retries, delayBeforeRetryMs], [3, 20_000]);
  const udp = plannedCheck("UDP_CHECK {\n payload 00ff 0a\n require_reply\n }");
  assert.deepEqual(
    [udp["payload"], udp["reply"], udp["replyBytesMin"], udp["replyBytesMax"]],
    ["00ff0a", "", 0, 255],
  );
  const tls = plannedCheck("SSL_GET {\n enable_sni\n url {\n path /\n }\n }");
  assert.equal(tls["serverName"], true);
  assert.deepEqual(tls["requests"], [{ path: "/", statusCodes: [{ from: 200, to: 299 }] }]);
});

test("options of servers: tunnels, scripts, flags of the scheduler", () => {
  const model = modelOf(
    `virtual_server 192.0.2.1 80 {\n lb_algo mh\n mh-port\n mh-fallback\n protocol TCP\n quorum_down "/bin/down"\n real_server 10.0.0.2 80 {\n lvs_method TUN type gue port 6080\n notify_up /bin/up\n }\n}\n`,
  );
  const [server] = model.virtualServers;
  assert.deepEqual(server?.options, {
    schedulerFlags: [1, 2],
    quorumDown: { command: ["/bin/down"] },
  });
  const [real] = server?.realServers ?? [];
  assert.deepEqual(real?.options, { up: { command: ["/bin/up"] } });
  assert.deepEqual(real?.tunnel, { type: "gue", port: 6080, checksum: "none" });
});

/** A virtual server with these lines above its only real server, which has `own`. */
function serverOf(lines: string, own = ""): VirtualServer {
  const [server] = modelOf(
    `virtual_server 192.0.2.1 80 {\n ${lines}\n protocol TCP\n real_server 10.0.0.2 8080 {\n ${own}\n }\n}\n`,
  ).virtualServers;
  assert.ok(server !== undefined);
  return server;
}

test("what stands behind a method counts for the servers that have no method of their own", () => {
  const gre = { type: "gre", checksum: "full" } as const;
  assert.deepEqual(serverOf("lb_kind TUN type gre csum").realServers[0]?.tunnel, gre);
  // A method of its own begins anew.
  const own = serverOf("lb_kind TUN type gre csum", "lvs_method TUN").realServers[0];
  assert.equal(own?.tunnel, undefined);
  const sorry = serverOf(
    "lb_kind TUN type gre csum\n sorry_server 10.0.0.9 80\n sorry_server_lvs_method TUN type gue port 7",
  ).sorryServer;
  assert.deepEqual(sorry?.tunnel, { type: "gue", port: 7, checksum: "none" });
  const heir = serverOf("lb_kind TUN type gre csum\n sorry_server 10.0.0.9 80").sorryServer;
  assert.deepEqual(heir?.tunnel, gre);
});

test("FULLNAT keeps the real server's port, its sources and the way of the client's address", () => {
  const [real] = serverOf(
    "lb_kind FULLNAT source 10.0.0.100 source 10.0.0.101 client proxy-protocol",
  ).realServers;
  assert.deepEqual(
    [real?.forwarding, real?.port, real?.fullNat],
    ["FULLNAT", 8080, { sources: ["10.0.0.100", "10.0.0.101"], tellsClient: "proxy-protocol" }],
  );
  assert.equal(serverOf("lb_kind FULLNAT").realServers[0]?.fullNat, undefined);
});

test("flags of sh and mh count below their scheduler only, those with numbers anywhere", () => {
  const flags = (lines: string): unknown => serverOf(lines).options?.schedulerFlags;
  assert.deepEqual(flags("lb_algo sh\n sh-port"), [2]);
  assert.equal(flags("sh-port\n lb_algo sh"), undefined);
  assert.equal(flags("lb_algo mh\n sh-port"), undefined);
  assert.deepEqual(flags("flag-3\n lb_algo rr\n flag-1"), [1, 3]);
});

test("one entry for all ports makes a whole group persistent", () => {
  const { groupServers = [] } = modelOf(
    `virtual_server_group G {\n 192.0.2.1 80\n 192.0.2.2\n}\nvirtual_server group G {\n protocol TCP\n ${realServer}\n}\n`,
  );
  assert.deepEqual(
    groupServers.map(({ server, leader }) => [server.persistenceTimeoutS, leader]),
    groupServers.map(() => [360, groupServers[0]?.server.key]),
  );
});

test("global settings: what is said is there, what is not is absent", () => {
  assert.equal(modelOf("global_defs {\n router_id a\n}\n").global.options, undefined);
  const { options } = modelOf(
    `net_namespace blue\nglobal_defs {\n vrrp_strict\n script_user nobody\n enable_script_security\n startup_script "/bin/s x"\n lvs_sync_daemon eth1 A id 9\n lvs_timeouts tcp 60 udp 5\n vrrp_notify_fifo /run/f\n vrrp_notify_fifo_script /bin/r\n enable_snmp_rfc\n enable_dbus\n smtp_server 192.0.2.9 587\n notification_email {\n a@example.org\n b@example.org\n }\n checker_cpu_affinity 0 2\n vrrp_garp_lower_prio_delay 3\n lvs_flush_on_stop VS\n}\n`,
  ).global;
  assert.deepEqual(options, {
    netNamespace: "blue",
    scripts: {
      user: "nobody",
      security: true,
      symlinkPaths: false,
      supplementaryGroups: false,
    },
    startup: { command: ["/bin/s", "x"], timeoutMs: 10_000 },
    syncDaemon: { interface: "eth1", instance: "A", id: 9 },
    connectionTimeouts: { tcpS: 60, udpS: 5 },
    balancer: { tcpEstablishedTimeoutS: 60, udpTimeoutS: 5 },
    checkerProcess: { cpus: [0, 2] },
    vrrp: { strict: true, garpLowerPriorityDelayMs: 3000 },
    flushAtStop: "virtual-servers",
    mail: {
      server: { host: "192.0.2.9", port: 587 },
      to: ["a@example.org", "b@example.org"],
      connectTimeoutMs: 30_000,
      alerts: {},
      faults: true,
      eachCheck: true,
    },
    fifos: {
      vrrp: { path: "/run/f", program: { command: ["/bin/r"] } },
      priorityChanges: false,
      statesOnReload: false,
    },
    snmp: { vrrp: false, rfcVersion2: true, rfcVersion3: true, checkers: false, traps: false },
    dbus: { service: "" },
  });
});
