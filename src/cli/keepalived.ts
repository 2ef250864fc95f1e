// `keelson keepalived`, or the program called by the name `keepalived`: keepalived's own command line, for scripts and
// exporters that know it. Everything is printed on stderr, as keepalived does, except what `--signum` answers.

import { keelsonVersion } from "../api/version.ts";
import { parseKeepalivedArguments } from "../conf/keepalived/command-line.ts";
import { type CommandIo, processIo } from "./command-io.ts";
import { defaultConfigFile } from "./command-line.ts";

/** The version whose configuration and command line are served. */
const servedVersion = "2.2.7";

/** Signals by keepalived's names for what they do. */
const signals: Readonly<Record<string, number>> = {
  STOP: 15,
  RELOAD: 1,
  DATA: 10,
  STATS: 12,
  STATS_CLEAR: 63,
  JSON: 36,
};

/** The page of `keelson keepalived --help`. */
export const keepalivedUsage: string = `usage: keepalived [OPTION...]
       keepalived -t [-f FILE] [-i ID] [-e]
       keepalived -v | -h | --signum=NAME

Keelson under the name of keepalived ${servedVersion}: its command line, its files, its signals, its exit statuses.

  -f, --use-file=FILE     the configuration [${defaultConfigFile}]
  -i, --config-id=ID      the id whose @ID lines count [the name of this host]
  -e, --all-config        an include that matches nothing is an error
  -t, --config-test[=LOG] judge the configuration, and write to the file LOG instead of stderr
  -n, --dont-fork         stay in the foreground
  -P, --vrrp              run VRRP without health checks
  -C, --check             run health checks without VRRP
  -B, --no_bfd            run no BFD
      --all               run all three again, and write all files with process ids
  -l, --log-console       write the log to stderr as well, in the foreground
  -D, --log-detail        write debug messages as well
  -S, --log-facility=NAME syslog's facility: 0 to 7, local0 to local7, user, daemon [daemon]
  -g, --log-file[=FILE]   write the log to a file as well [keepalived.log]; SIGHUP opens it anew
  -G, --no-syslog         write nothing to syslog
  -d, --dump-conf         write the configuration to the log
  -a, --address-monitoring  write to the log which addresses come and go
  -V, --dont-release-vrrp leave the virtual addresses at the end
  -I, --dont-release-ipvs leave the data plane at the end: it goes on forwarding
  -R, --dont-respawn      end when the VRRP process dies
  -X, --release-vips      an instance that yields gives up its addresses (always so)
  -p, --pid=FILE          the process id of the main process [/run/keepalived.pid]
  -r, --vrrp_pid=FILE     the process id of the VRRP process [/run/vrrp.pid]
  -c, --checkers_pid=FILE the process id of the process that checks, which is the main one [/run/checkers.pid]
  -b, --bfd_pid=FILE      the process id of the process with BFD, which is the VRRP process [/run/bfd.pid]
  -s, --namespace=NAME    run in this network namespace
  -u, --umask=MASK        permissions that files lack [077]
  -m, --core-dump         allow core files of any size
  -M, --core-dump-pattern[=PATTERN]  and set their names for the whole machine [core]
  -x, --snmp              serve everything by SNMP
  -A, --snmp-agent-socket=FILE  the socket of the master agent
      --signum=NAME       print the signal for STOP, RELOAD, DATA, STATS, STATS_CLEAR or JSON
  -T, --genhash           print the MD5 of a web page; the first option, see keepalived --genhash -h
  -v, --version           print the version
  -h, --help              print this page

Files with other names than the usual ones belong to a daemon of its own, with a run directory of its own:
\`-p /run/a.pid\` runs in /run/keelson@run-a, \`-s blue\` in /run/keelson@blue.

Signals: HUP reload; TERM, INT stop; DATA (USR1), STATS (USR2), STATS_CLEAR and JSON write /tmp/keepalived.data,
.stats and .json.

Exit status: 0 stopped, or running in the background, or running already; 1 not started; 2 not started because of
the configuration; 4 may not; 6 no configuration.
Exit status of a test: 0 fine; 2 a missing argument; 4 nothing can run; 5 errors, but it runs;
6 scripts run without script security.
`;

/** Runs keepalived's command line; gives the exit status. */
export async function runKeepalived(
  args: readonly string[],
  io: CommandIo = processIo(),
): Promise<number> {
  // What stands behind it are options of another program.
  if (args[0] === "-T" || args[0] === "--genhash") {
    const { runGenhash } = await import("./genhash.ts");
    return runGenhash(args.slice(1), io);
  }
  const parsed = parseKeepalivedArguments(args);
  if (!parsed.ok) {
    io.stderr(`${parsed.fault}\n`);
    return 1;
  }
  const { options, others } = parsed.value;
  const signum = options.get("signum");
  if (options.has("version")) io.stderr(versionPage());
  else if (options.has("help")) io.stderr(keepalivedUsage);
  else if (signum !== undefined) return printSignal(signum, io);
  else if (options.has("config-test")) {
    // Exporters ask for versions and signals, and should not wait for a parser.
    const { testConfiguration } = await import("./keepalived-config-test.ts");
    return testConfiguration(options, others, io);
  } else if (options.has("genhash")) {
    io.stderr("keepalived: --genhash must be the first option\n");
    return 1;
  } else {
    io.stderr("keepalived: the daemon is started by the program `keepalived` or `keelson`\n");
    return 1;
  }
  return 0;
}

/** Exporters read the first line. */
function versionPage(): string {
  return `Keepalived v${servedVersion} (Keelson ${keelsonVersion})

Keelson ${keelsonVersion} under the name of keepalived; it reads the configuration of keepalived ${servedVersion}.
What it serves, in the words of keepalived's build: --enable-snmp --enable-snmp-rfcv2 --enable-snmp-rfcv3 --enable-dbus
--enable-json --enable-bfd --enable-log-file
`;
}

function printSignal(name: string, io: CommandIo): number {
  const number = signals[name];
  if (number === undefined) {
    io.stderr(`Unknown sigfunc ${name}\n`);
    return 1;
  }
  io.stdout(`${number}\n`);
  return 0;
}
