// The text of `keelson help`.

/** Every command, with its one line. */
export const commandLines: Readonly<Record<string, string>> = {
  run: "the director itself, in the foreground",
  check: "judge a configuration; changes nothing",
  convert: "an ldirectord.cf or a table of ipvsadm as keepalived.conf, or the other way",
  config: "what counts, with defaults, and where each value comes from: config show",
  diff: "what a reload with another configuration would do",
  fmt: "give a configuration one style; its meaning stays",
  keepalived: "keepalived's own command line: the daemon, -t, -v, --signum",
  ipvsadm: "ipvsadm's own command line, on whatever balances here",
  status: "what a running director does, and why",
  reload: "have a running director read its configuration again",
  apply: "have it take a file, on trial until confirmed if you like",
  confirm: "keep the configuration on trial",
  rollback: "bring the one before the trial back",
  drain: "take a real server out: no new connections, those it has go on",
  undrain: "let it have connections again",
  failover: "hand the addresses of an instance or group over, and go on as BACKUP",
  stop: "hand the addresses over and end",
  vrrp: "what the routers of a network advertise: vrrp sniff",
  lsp: "language server for editors, over stdio",
  version: "print the version",
  help: "this page; `keelson help COMMAND` has more",
};

/** The page, without a newline at its end. */
export function renderHelp(): string {
  const commands = Object.entries(commandLines).map(
    ([name, text]) => `  keelson ${name.padEnd(11)}${text}`,
  );
  return `Keelson: VRRP, virtual servers in eBPF and health checks, from a keepalived.conf

${commands.join("\n")}

  run     -f, --file FILE    configuration [/etc/keepalived/keepalived.conf]
          --run-dir DIR      sockets of this director [/run/keelson]
          --pin-dir DIR      where its data plane is pinned [/sys/fs/bpf/keelson]
          --dry-run          print what a start would change, and end
  check   FILE ...           several are judged together, as nodes of one cluster
          --format FORMAT    pretty, short, json, sarif, github or keepalived
          --explain RULE     what a finding is about; --help lists the other options
  config  show FILE          --set, --all, --json
  diff    OLD NEW            --json; exit status 1 when something would change
  fmt     FILE ...           --write, --check, --diff
  status  --json             for programs: the whole status
          --run-dir DIR      as above; also for reload, apply, confirm, rollback, failover
                             and stop
  apply   --confirm-within TIME  roll back by itself unless confirmed: 90s, 5m, 1h
  drain   SERVER             --of "TCP 10.0.0.1:80", --within TIME, --wait
  failover NAME              a vrrp_instance or vrrp_sync_group that is MASTER here
  vrrp    sniff -i IF        --seconds N, --json
  stop    --keep             end only the main process: addresses and forwarding stay

Exit status: 0 done; 1 failed; 2 wrong usage; 3 no director runs there.`;
}
