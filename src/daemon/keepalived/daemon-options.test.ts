import assert from "node:assert/strict";
import { test } from "node:test";
import { startsDaemon } from "../../conf/keepalived/command-line.ts";
import { type DaemonOptions, readDaemonOptions } from "./daemon-options.ts";

function read(...argv: string[]): DaemonOptions {
  const options = readDaemonOptions(argv, "/here");
  assert.ok(options.ok, options.ok ? "" : options.fault);
  return options.value;
}

test("without options it goes to the background, writes to syslog, and runs everything", () => {
  const options = read();
  assert.equal(options.background, true);
  assert.equal(options.configFile, "/etc/keepalived/keepalived.conf");
  assert.deepEqual(options.log, { console: false, detail: false, syslog: true, facility: 3 });
  assert.deepEqual(options.parts, { vrrp: true, checkers: true, bfd: true });
  assert.deepEqual(
    [options.keepAddresses, options.keepForwarding, options.respawn],
    [false, false, true],
  );
  assert.deepEqual(options.remarks, []);
});

test("every option is understood by its letter", () => {
  const options = read(
    ..."-nlDGdXVIRaxm -S 3 -f a.conf -p p.pid -r r.pid -c c.pid -b b.pid -A /agent -s blue -u 022 -e -i lb1".split(
      " ",
    ),
  );
  assert.equal(options.background, false);
  assert.deepEqual(options.log, { console: true, detail: true, syslog: false, facility: 19 });
  assert.equal(options.configFile, "/here/a.conf");
  assert.deepEqual(options.pidFiles, {
    main: "/here/p.pid",
    vrrp: "/here/r.pid",
    checkers: "/here/c.pid",
    bfd: "/here/b.pid",
  });
  assert.equal(options.namespace, "blue");
  assert.equal(options.umask, 0o22);
  assert.equal(options.configId, "lb1");
  assert.equal(options.snmpSocket, "/agent");
  const { allConfig, dumpConfiguration, releaseVips, keepAddresses, keepForwarding } = options;
  assert.deepEqual(
    [allConfig, dumpConfiguration, releaseVips, keepAddresses, keepForwarding],
    [true, true, true, true, true],
  );
  const { respawn, logAddressChanges, snmp, coreDump } = options;
  assert.deepEqual([respawn, logAddressChanges, snmp, coreDump], [false, true, true, true]);
});

test("every option is understood by its name", () => {
  const options = read(
    "--dont-fork",
    "--log-facility=local6",
    "--use-file=/etc/k.conf",
    "--log-file",
    "--core-dump-pattern=core.%p",
    "--umask=18",
    "--config-id",
    "a",
  );
  assert.equal(options.log.facility, 22);
  assert.equal(options.log.file, "/here/keepalived.log");
  assert.equal(options.corePattern, "core.%p");
  assert.equal(options.coreDump, true);
  assert.equal(options.umask, 18);
  assert.equal(read("-M").corePattern, "core");
  assert.equal(read("-S", "user").log.facility, 1);
});

test("of the options that choose parts the later ones count", () => {
  assert.deepEqual(read("-P").parts, { vrrp: true, checkers: false, bfd: true });
  assert.deepEqual(read("-C", "-B").parts, { vrrp: false, checkers: true, bfd: false });
  assert.deepEqual(read("-P", "--all").parts, { vrrp: true, checkers: true, bfd: true });
  assert.deepEqual(read("--all", "-P").parts, { vrrp: true, checkers: false, bfd: true });
});

test("what is not done as keepalived does it is said", () => {
  assert.match(read("--perf=all").remarks.join(), /--perf has no effect here/);
  assert.match(read("-S", "nope").remarks.join(), /Invalid log facility 'nope'/);
  assert.match(read("extra").remarks.join(), /Unexpected argument\(s\): extra/);
});

test("wrong options are faults", () => {
  for (const [argv, fault] of [
    [["-Z"], "Unknown option -Z"],
    [["--use-file="], "Missing parameter for option --use-file"],
    [["-u", "wrong"], "invalid umask option wrong"],
    [["-u", "01777"], "invalid umask option 01777"],
  ] as const)
    assert.deepEqual(readDaemonOptions(argv, "/"), { ok: false, fault });
});

test("a command line is for the daemon unless it is answered on the spot", () => {
  for (const argv of [[], ["-n", "-l"], ["--dont-fork", "-f", "-v"], ["-D"]])
    assert.equal(startsDaemon(argv), true, argv.join(" "));
  for (const argv of [["-v"], ["-nt"], ["--signum=DATA"], ["--help"], ["-Z"], ["--conf", "x"]])
    assert.equal(startsDaemon(argv), false, argv.join(" "));
});
