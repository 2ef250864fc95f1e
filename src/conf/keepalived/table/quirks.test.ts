import assert from "node:assert/strict";
import { test } from "node:test";
import { type LoadedConfiguration, loadConfiguration } from "../../load-configuration.ts";

// Each case of docs/decisions/100-where-keepalived-contradicts-itself.md.

function load(text: string): LoadedConfiguration {
  return loadConfiguration({
    path: "k.conf",
    readFile: (path) =>
      path === "k.conf"
        ? { ok: true, value: text }
        : { ok: false, fault: { kind: "no-such-file", text: "there is no such file" } },
  });
}

/** Codes of what is said about a line, without advice; an exclamation mark where it stops the start. */
function said(text: string, marked: string): readonly string[] {
  const line = text.split("\n").findIndex((content) => content.includes(marked)) + 1;
  assert.ok(line > 0, `no line with ${marked}`);
  return load(text)
    .diagnostics.filter(({ span, severity }) => span.line === line && severity !== "advice")
    .map(({ code, stops }) => (stops === true ? `${code}!` : code))
    .filter((code) => code !== "K01");
}

function instance(...lines: string[]): string {
  const given = new Set(lines.map((line) => line.trim().split(" ")[0]));
  const usual = ["state BACKUP", "interface eth0", "virtual_router_id 17", "priority 150"];
  const others = usual.filter((line) => !given.has(line.split(" ")[0]));
  return `vrrp_instance VI_1 {\n${[...others, ...lines].join("\n")}\nvirtual_ipaddress {\n192.0.2.10/24\n}\n}\n`;
}

function server(...lines: string[]): string {
  const given = new Set(lines.map((line) => line.trim().split(" ")[0]));
  const usual = ["protocol TCP", "lb_kind NAT", "lb_algo rr"];
  const others = usual.filter((line) => !given.has(line.split(" ")[0]));
  return `virtual_server 192.0.2.10 80 {\n${[...others, ...lines].join("\n")}\nreal_server 192.0.2.101 80 {\nTCP_CHECK {\n}\n}\n}\n`;
}

const globals = (...lines: string[]): string =>
  `global_defs {\n${lines.join("\n")}\n}\n${instance()}`;
const script = (...lines: string[]): string =>
  `vrrp_script chk {\nscript "/usr/bin/true"\n${lines.join("\n")}\n}\n${instance("track_script {", "chk", "}")}`;
const firstServer = (
  text: string,
): NonNullable<LoadedConfiguration["model"]>["virtualServers"][0] => {
  const [found] = load(text).model?.virtualServers ?? [];
  assert.ok(found !== undefined);
  return found;
};
const firstInstance = (
  text: string,
): NonNullable<LoadedConfiguration["model"]>["vrrpInstances"][0] => {
  const [found] = load(text).model?.vrrpInstances ?? [];
  assert.ok(found !== undefined);
  return found;
};

test("lb_algo and lb_kind, which the manual page does not know, are the usual spellings", () => {
  assert.deepEqual(said(server("lb_algo wrr"), "lb_algo"), []);
  assert.equal(firstServer(server("lb_algo wrr")).scheduler, "wrr");
  const both = server("lb_algo wrr", "lvs_sched lc");
  assert.deepEqual(said(both, "lvs_sched"), ["S11"]);
  assert.equal(firstServer(both).scheduler, "lc");
});

test("keywords of the source that the manual page lacks are known", () => {
  assert.deepEqual(said(globals("vrrp_owner_ignore_adverts"), "vrrp_owner"), []);
  assert.deepEqual(said(globals("state_dump_file /tmp/x"), "state_dump_file"), []);
  assert.deepEqual(said(instance("nopreempt", "thread_timer_expired 100"), "thread_timer"), []);
});

test("keywords of the manual page that the source lacks are reported", () => {
  for (const name of ["state_file_location", "stats_file_location", "json_file_location"])
    assert.deepEqual(said(globals(`${name} /tmp/x`), name), ["S01"], name);
  assert.deepEqual(said(instance("garp_extra_if_vmac 100"), "garp_extra_if_vmac"), ["S01"]);
  const check = `track_file tf {\nfile /run/tf\n}\n${server().replace("TCP_CHECK {", "FILE_CHECK {\ntrack_file tf\ndynamic")}`;
  assert.deepEqual(said(check, "dynamic"), ["S01"]);
  assert.deepEqual(said(globals("include_check readable"), "readable"), ["S28"]);
});

test("notify_deleted belongs in an instance, not in a sync group as the manual page has it", () => {
  const group = `${instance()}vrrp_sync_group G {\ngroup {\nVI_1\n}\nnotify_deleted "/usr/bin/true"\n}\n`;
  assert.deepEqual(said(group, "notify_deleted"), ["S15"]);
});

test("ip_proto of the manual page's example is ipproto", () => {
  const rules = `static_rules {\nto 192.0.2.0/24 ip_proto UDP table 1\n}\n${instance()}`;
  assert.ok(said(rules, "ip_proto").includes("S30"));
  const [finding] = load(rules).diagnostics.filter(({ code }) => code === "S30");
  assert.equal(finding?.edits?.[0]?.newText, "ipproto");
});

test("a single port in a rule, which keepalived refuses by mistake, is refused with the range to write", () => {
  const rules = (port: string): string =>
    `static_rules {\nto 192.0.2.0/24 ipproto udp sport ${port} table 1\n}\n${instance()}`;
  assert.deepEqual(said(rules("53"), "sport"), ["S28"]);
  assert.match(
    load(rules("53"))
      .diagnostics.map(({ message }) => message)
      .join(),
    /53-53/,
  );
  assert.deepEqual(said(rules("53-53"), "sport"), []);
});

test("off is off, and where keepalived takes it for on that is said", () => {
  assert.deepEqual(said(instance("skip_check_adv_addr off"), "skip_check"), ["S34"]);
  assert.deepEqual(said(globals("v3_checksum_as_v2 off"), "v3_checksum"), ["S34"]);
  assert.deepEqual(said(globals("vrrp_strict off"), "vrrp_strict"), ["S34"]);
  assert.deepEqual(said(instance("lower_prio_no_advert off"), "lower_prio"), []);
});

test("alpha of a virtual server takes no off: it is on, and the word is reported", () => {
  assert.deepEqual(said(server("alpha off"), "alpha"), ["S22"]);
  assert.equal(firstServer(server("alpha off")).alpha, true);
});

test("a flag with a word behind it is on, and the word is reported", () => {
  const text = instance("nopreempt maybe");
  assert.deepEqual(said(text, "nopreempt"), ["S22"]);
  assert.equal(firstInstance(text).preempt, false);
});

test("a track_file's weight has the range of the source, not that of the manual page", () => {
  const file = (weight: string): string =>
    `track_file tf {\nfile /run/tf\nweight ${weight}\n}\n${instance("track_file {", "tf", "}")}`;
  assert.deepEqual(said(file("255"), "weight 255"), ["S17"]);
  assert.deepEqual(said(file("-254 reverse"), "weight -254"), []);
  const check = `track_file tf {\nfile /run/tf\n}\n${server().replace("TCP_CHECK {", "FILE_CHECK {\ntrack_file tf\nweight 100000")}`;
  assert.deepEqual(said(check, "weight 100000"), []);
});

test("vrrp_garp_interval 0 means no pauses, as nothing does; keepalived's own sample has it", () => {
  assert.deepEqual(said(globals("vrrp_garp_interval 0"), "garp_interval"), ["S17"]);
  assert.ok(load(globals("vrrp_garp_interval 0")).model !== undefined);
  assert.deepEqual(said(globals("vrrp_garp_interval 0.000001"), "garp_interval"), []);
});

test("counts of 0 where 1 is the least are 1, and that is said", () => {
  const text = instance("garp_master_repeat 0");
  assert.deepEqual(said(text, "garp_master_repeat"), ["S17"]);
  assert.equal(firstInstance(text).garp.repeat, 1);
  assert.deepEqual(said(script("interval 0"), "interval"), ["S28"]);
  assert.equal(load(script("interval 0")).model?.vrrpScripts[0]?.intervalMs, 1000);
});

test("fractions of a second in a script's interval count, as with keepalived after 2.2.7", () => {
  assert.deepEqual(said(script("interval 0.5"), "interval"), []);
  assert.equal(load(script("interval 0.5")).model?.vrrpScripts[0]?.intervalMs, 500);
  assert.deepEqual(said(instance("garp_master_delay 2.5"), "garp_master_delay"), ["S23"]);
});

test("vrrp_rt_priority 0 is Keelson's own: keepalived takes it for 1", () => {
  assert.deepEqual(said(globals("vrrp_rt_priority 0"), "vrrp_rt_priority"), []);
  assert.equal(load(globals("vrrp_rt_priority 0")).model?.global.vrrpRealtimePriority, 0);
});

test("a netmask with holes is left out, and a weight beyond the kernel's refused, although keepalived takes them", () => {
  const holes = server("persistence_granularity 255.0.255.0");
  assert.deepEqual(said(holes, "granularity"), ["L24"]);
  const heavy = server().replace("TCP_CHECK {", "weight 70000\nTCP_CHECK {");
  assert.deepEqual(said(heavy, "weight"), ["L11!"]);
});

test("state MASTER without a priority makes the node the owner, and that is said", () => {
  const text = instance("state MASTER").replace("priority 150\n", "");
  assert.deepEqual(said(text, "state MASTER"), ["V62"]);
  assert.equal(firstInstance(text).priority, 255);
});

test("options that must stand behind what they belong to have no effect in front of it", () => {
  const inhibit = server("sorry_server_inhibit", "sorry_server 192.0.2.103 80");
  assert.deepEqual(said(inhibit, "sorry_server_inhibit"), ["L42"]);
  assert.deepEqual(said(server("sh-port", "lb_algo sh"), "sh-port"), ["L51"]);
  assert.deepEqual(said(server("lb_algo sh", "sh-port"), "sh-port"), []);
});

test("a missing argument stops the start where keepalived ends, and only there", () => {
  assert.deepEqual(said(instance("priority"), "priority"), ["S21!"]);
  assert.deepEqual(said(globals("router_id"), "router_id"), ["S21"]);
  assert.ok(load(globals("router_id")).model !== undefined);
  const url = server().replace("TCP_CHECK {", "HTTP_GET {\nurl {\npath /\nvirtualhost\n}");
  assert.deepEqual(said(url, "virtualhost"), ["S21"]);
});

test("a check without a page, at which keepalived crashes, is refused", () => {
  const text = server().replace("TCP_CHECK {", "HTTP_GET {");
  assert.equal(load(text).model, undefined);
});

test("unknown keywords and extra words are ignored, and a second keyword on a line is lost", () => {
  const text = instance("prioroty 200", "advert_int 1 priority 200");
  assert.deepEqual(said(text, "prioroty"), ["S01"]);
  assert.deepEqual(said(text, "advert_int"), ["S02"]);
  assert.equal(firstInstance(text).priority, 150);
});

test("two virtual servers for one address, of which keepalived says nothing, are refused", () => {
  assert.equal(load(server() + server()).model, undefined);
});

test("names of other versions are taken where old files have them", () => {
  const retry = server().replace("TCP_CHECK {", "TCP_CHECK {\nnb_get_retry 3");
  assert.equal(firstServer(retry).realServers[0]?.checks[0]?.timing.retries, 3);
  const kind = server().replace("TCP_CHECK {", "lb_kind DR\nTCP_CHECK {");
  assert.equal(firstServer(kind).realServers[0]?.forwarding, "DR");
});
