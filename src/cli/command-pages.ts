// What `keelson COMMAND --help` prints, for the commands that do not print a page of their own.

const runDirectory =
  "      --run-dir DIR          where the director keeps its sockets [/run/keelson]";

const needsDirector =
  "Exit status: 0 done; 1 refused or failed; 2 wrong usage; 3 no director runs there.";

/** By command. */
export const commandPages: Readonly<Record<string, string>> = {
  run: `usage: keelson run [-f FILE] [--run-dir DIR] [--pin-dir DIR] [--dry-run]

Runs the director in the foreground: VRRP, virtual servers, health checks. SIGHUP reads the
configuration again, SIGTERM hands the addresses over and ends.

  -f, --file FILE            the configuration [/etc/keepalived/keepalived.conf]
${runDirectory}
      --pin-dir DIR          where its data plane is pinned [/sys/fs/bpf/keelson]
      --dry-run              print what a start would change, and end

Exit status: 0 ended as asked; 1 failed; 2 wrong usage.
`,
  status: `usage: keelson status [--json] [--run-dir DIR]

Shows what a running director does and why: instances, virtual servers, health, traffic.

      --json                 for programs: the whole status
${runDirectory}

${needsDirector}
`,
  failover: `usage: keelson failover NAME [--run-dir DIR]

Gives up the addresses of a VRRP instance or sync group, politely: another Keelson router is told
to take over at once, any other one after its skew time. This router keeps the addresses until the
successor has announced them, and leaves it alone afterwards; \`keelson failover\` on the other
node brings them back.
`,
  drain: `usage: keelson drain SERVER [--of NAME] [--within TIME] [--wait] [--run-dir DIR]

Takes a real server out: it gets no new connections, and keeps those it has. \`keelson status\` shows
how many are left. It stays out, also when the director starts anew, until \`keelson undrain\`.

  SERVER                     10.0.0.7 on all ports, or 10.0.0.7:80
      --of NAME              of this virtual server only, as the status names it: "TCP 10.0.0.1:80"
      --within TIME          cut off what is left then: 90s, 5m, 1h
      --wait                 end when no connection is left, and say how many there are until then
${runDirectory}

${needsDirector}
`,
  undrain: `usage: keelson undrain SERVER [--of NAME] [--run-dir DIR]

Lets a real server that \`keelson drain\` has taken out have connections again.

${runDirectory}

${needsDirector}
`,
  reload: `usage: keelson reload [--run-dir DIR]

Has a running director read its configuration again. A broken file changes nothing and says so.

${runDirectory}

${needsDirector}
`,
  apply: `usage: keelson apply FILE [--confirm-within TIME] [--run-dir DIR]

Has a running director take FILE as its configuration.

      --confirm-within TIME  go back by itself unless \`keelson confirm\` comes in time: 90s, 5m, 1h
${runDirectory}

${needsDirector}
`,
  confirm: `usage: keelson confirm [--run-dir DIR]

Keeps the configuration that is on trial since \`keelson apply --confirm-within\`.

${runDirectory}

${needsDirector}
`,
  rollback: `usage: keelson rollback [--run-dir DIR]

Brings the configuration before the trial back at once.

${runDirectory}

${needsDirector}
`,
  stop: `usage: keelson stop [--keep] [--run-dir DIR]

Hands the addresses over to the peers and ends the director.

      --keep                 end only the main process: addresses and forwarding stay
${runDirectory}

${needsDirector}
`,
  vrrp: `usage: keelson vrrp sniff [-i INTERFACE] [--seconds N] [--json]

Listens to the adverts on the wire, this host's own included, groups them by interface, VRID and
family, and names what cannot be right: two clusters with one VRID, two MASTERs, differing versions,
passwords, intervals or checksums, adverts that have crossed a router. It sends nothing, needs no
director, and takes CAP_NET_RAW. Passwords are compared and never shown.

  -i, --interface NAME       only this interface [all]
      --seconds N            end by itself [until ^C]
      --json                 for programs: one object at the end

Exit status: 0 listened; 1 could not listen; 2 wrong usage.
`,
  lsp: `usage: keelson lsp

Language server for editors, over stdin and stdout; editors/ has what they need to start it.
`,
  version: `usage: keelson version

Prints the version.
`,
};

/** True when a page is asked for and not the command itself. */
export function wantsPage(args: readonly string[]): boolean {
  const end = args.indexOf("--");
  return (end < 0 ? args : args.slice(0, end)).some((word) => word === "--help" || word === "-h");
}
