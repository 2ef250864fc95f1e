import assert from "node:assert/strict";
import { test } from "node:test";
import { parseDecimal, parseInteger } from "../numbers.ts";
import { blockAt, blocksIn, linesOf, optionsIn } from "./blocks.ts";
import type { KeywordSpec, OptionSpec, ValueKind } from "./keyword-spec.ts";
import { fileBlock } from "./root.ts";

// The keywords of keepalived's sources at version 2.4.3 and shortly after, by the path of their block.
const keywordsOfKeepalived: Readonly<Record<string, string>> = {
  "/": `
    linkbeat_use_polling net_namespace net_namespace_ipvs namespace_with_ipsets use_pid_dir
    instance child_wait_time global_defs track_file vrrp_track_file bfd_instance track_group
    static_ipaddress static_routes static_rules vrrp_sync_group garp_group linkbeat_interfaces
    vrrp_instance vrrp_script vrrp_track_process interface_up_down_delays SSL
    virtual_server_group virtual_server
  `,
  global_defs: `
    process_names process_name vrrp_process_name checker_process_name lvs_process_name
    bfd_process_name use_symlink_paths set_supplementary_groups router_id
    notification_email_from smtp_server smtp_helo_name smtp_connect_timeout notification_email
    smtp_alert startup_script startup_script_timeout shutdown_script shutdown_script_timeout
    max_auto_priority min_auto_priority_delay smtp_alert_vrrp smtp_alert_checker
    checker_log_all_failures dynamic_interfaces no_email_faults default_interface
    disable_local_igmp v3_checksum_as_v2 lvs_timeouts lvs_flush lvs_flush_on_stop
    lvs_flush_onstop lvs_sync_daemon vrrp_mcast_group4 vrrp_mcast_group6
    vrrp_garp_master_delay vrrp_garp_master_repeat vrrp_garp_master_refresh
    vrrp_garp_master_refresh_repeat vrrp_garp_lower_prio_delay vrrp_garp_lower_prio_repeat
    vrrp_down_timer_adverts vrrp_garp_interval vrrp_gna_interval vrrp_min_garp
    vrrp_garp_extra_if vrrp_vmac_garp_intvl vrrp_lower_prio_no_advert
    vrrp_higher_prio_send_advert vrrp_version vrrp_iptables vrrp_ipsets nftables
    nftables_priority nftables_ifindex vrrp_check_unicast_src vrrp_skip_check_adv_addr
    vrrp_strict vrrp_priority vrrp_no_swap vrrp_rt_priority vrrp_cpu_affinity
    vrrp_rlimit_rttime vrrp_rlimit_rtime nftables_ipvs nftables_ipvs_priority
    nftables_ipvs_start_fwmark nftables_counters notify_fifo notify_fifo_script
    vrrp_notify_fifo vrrp_notify_fifo_script vrrp_notify_priority_changes
    fifo_write_vrrp_states_on_reload lvs_notify_fifo lvs_notify_fifo_script checker_priority
    checker_no_swap checker_rt_priority checker_cpu_affinity checker_rlimit_rttime
    checker_rlimit_rtime bfd_priority bfd_no_swap bfd_rt_priority bfd_cpu_affinity
    bfd_rlimit_rttime bfd_rlimit_rtime snmp_socket enable_traps enable_snmp_vrrp
    enable_snmp_keepalived enable_snmp_rfc enable_snmp_rfcv2 enable_snmp_rfcv3
    enable_snmp_checker snmp_vs_stats_update_interval snmp_rs_stats_update_interval
    enable_dbus dbus_service_name dbus_no_interface_name script_user enable_script_security
    vrrp_netlink_cmd_rcv_bufs vrrp_netlink_cmd_rcv_bufs_force vrrp_netlink_monitor_rcv_bufs
    vrrp_netlink_monitor_rcv_bufs_force process_monitor_rcv_bufs
    process_monitor_rcv_bufs_force lvs_netlink_cmd_rcv_bufs lvs_netlink_cmd_rcv_bufs_force
    lvs_netlink_monitor_rcv_bufs lvs_netlink_monitor_rcv_bufs_force rs_init_notifies
    no_checker_emails vrrp_rx_bufs_policy vrrp_rx_bufs_multiplier vrrp_startup_delay
    vrrp_delay_after_boot log_unknown_vrids vrrp_owner_ignore_adverts vmac_prefix
    vmac_addr_prefix umask random_seed reload_check_config reload_time_file reload_repeat
    reload_file include_check config_save_dir tmp_config_directory data_use_instance
    json_version iproute_usr_dir iproute_etc_dir state_dump_file stats_dump_file
    json_dump_file
  `,
  track_file: `
    file weight init_file
  `,
  vrrp_track_file: `
    file weight init_file
  `,
  bfd_instance: `
    source_ip neighbor_ip neighbour_ip min_rx min_tx idle_tx multiplier passive ttl hoplimit
    max_hops multihop weight vrrp checker
  `,
  track_group: `
    group
  `,
  vrrp_sync_group: `
    group track_interface track_script track_file track_process track_bfd notify_backup
    notify_master notify_fault notify_stop notify smtp_alert global_tracking
    sync_group_tracking_weight notify_priority_changes
  `,
  garp_group: `
    garp_interval gna_interval interface interfaces
  `,
  vrrp_instance: `
    use_vmac use_vmac_addr vmac_xmit_base use_ipvlan unicast_peer unicast_fault_no_peer
    check_unicast_src old_unicast_checksum native_ipv6 state interface vrf dont_track_primary
    track_interface track_script track_file track_process track_bfd mcast_src_ip
    unicast_src_ip mcast_dst_ip track_src_ip virtual_router_id unicast_ttl version priority
    advert_int virtual_ipaddress virtual_ipaddress_excluded no_virtual_ipaddress
    promote_secondaries linkbeat_use_polling v3_checksum_as_v2 virtual_routes virtual_rules
    accept no_accept skip_check_adv_addr strict_mode preempt nopreempt preempt_delay debug
    notify_backup notify_master notify_fault notify_stop notify_deleted notify
    notify_master_rx_lower_pri smtp_alert notify_priority_changes lvs_sync_daemon_interface
    garp_master_delay garp_master_refresh garp_master_repeat garp_master_refresh_repeat
    garp_lower_prio_delay garp_lower_prio_repeat down_timer_adverts timer_expired_backup
    thread_timer_expired garp_extra_if vmac_garp_intvl lower_prio_no_advert
    higher_prio_send_advert owner_ignore_adverts kernel_rx_buf_size authentication auth_hmac
  `,
  "vrrp_instance/authentication": `
    auth_type auth_pass
  `,
  "vrrp_instance/auth_hmac": `
    key active_key time_window anti_replay mode
  `,
  vrrp_script: `
    script interval timeout weight rise fall user init_fail
  `,
  vrrp_track_process: `
    process param_match weight quorum quorum_max delay terminate_delay fork_delay full_command
  `,
  SSL: `
    password ca certificate key
  `,
  virtual_server: `
    ip_family retry delay_before_retry warmup connect_timeout delay_loop inhibit_on_failure
    lb_algo lvs_sched hashed ops flag-1 flag-2 flag-3 sh-port sh-fallback mh-port mh-fallback
    lb_kind lvs_method persistence_engine persistence_timeout persistence_granularity protocol
    ha_suspend smtp_alert virtualhost snmp_name alpha omega quorum_up quorum_down quorum
    hysteresis weight sorry_server sorry_server_inhibit sorry_server_lvs_method real_server
  `,
  "virtual_server/real_server": `
    weight lvs_method uthreshold lthreshold inhibit_on_failure notify_up notify_down alpha
    retry delay_before_retry warmup connect_timeout delay_loop smtp_alert virtualhost
    snmp_name MISC_CHECK SMTP_CHECK TCP_CHECK HTTP_GET SSL_GET DNS_CHECK BFD_CHECK UDP_CHECK
    PING_CHECK FILE_CHECK
  `,
  "virtual_server/real_server/MISC_CHECK": `
    retry delay_before_retry warmup delay_loop alpha log_all_failures misc_path misc_timeout
    misc_dynamic user
  `,
  "virtual_server/real_server/SMTP_CHECK": `
    helo_name connect_ip connect_port bindto bind_port bind_if connect_timeout fwmark retry
    delay_before_retry warmup delay_loop alpha log_all_failures host
  `,
  "virtual_server/real_server/SMTP_CHECK/host": `
    connect_ip connect_port bindto bind_port bind_if connect_timeout fwmark retry
    delay_before_retry warmup delay_loop alpha log_all_failures
  `,
  "virtual_server/real_server/TCP_CHECK": `
    connect_ip connect_port bindto bind_port bind_if connect_timeout fwmark retry
    delay_before_retry warmup delay_loop alpha log_all_failures
  `,
  "virtual_server/real_server/HTTP_GET": `
    connect_ip connect_port bindto bind_port bind_if connect_timeout fwmark retry
    delay_before_retry warmup delay_loop alpha log_all_failures nb_get_retry virtualhost
    http_protocol enable_sni sni_name fast_recovery url
  `,
  "virtual_server/real_server/HTTP_GET/url": `
    path digest status_code virtualhost regex regex_no_match regex_options regex_min_offset
    regex_max_offset regex_stack
  `,
  "virtual_server/real_server/SSL_GET": `
    connect_ip connect_port bindto bind_port bind_if connect_timeout fwmark retry
    delay_before_retry warmup delay_loop alpha log_all_failures nb_get_retry virtualhost
    http_protocol enable_sni sni_name fast_recovery tls_compliant url
  `,
  "virtual_server/real_server/SSL_GET/url": `
    path digest status_code virtualhost regex regex_no_match regex_options regex_min_offset
    regex_max_offset regex_stack tls_compliant
  `,
  "virtual_server/real_server/DNS_CHECK": `
    connect_ip connect_port bindto bind_port bind_if connect_timeout fwmark retry
    delay_before_retry warmup delay_loop alpha log_all_failures type name
  `,
  "virtual_server/real_server/BFD_CHECK": `
    name alpha
  `,
  "virtual_server/real_server/UDP_CHECK": `
    connect_ip connect_port bindto bind_port bind_if connect_timeout fwmark retry
    delay_before_retry warmup delay_loop alpha log_all_failures payload require_reply
    min_reply_length max_reply_length
  `,
  "virtual_server/real_server/PING_CHECK": `
    connect_ip connect_port bindto bind_port bind_if connect_timeout fwmark retry
    delay_before_retry warmup delay_loop alpha log_all_failures
  `,
  "virtual_server/real_server/FILE_CHECK": `
    track_file weight
  `,
};

// Words inside lines of values and behind keywords; what stands first on a line is left out.
const inlineWordsOfKeepalived: Readonly<Record<string, string>> = {
  "address-line": `
    dev scope brd broadcast label peer home -nodad mngtmpaddr noprefixroute autojoin no_track
    preferred_lft track_group use_vmac
  `,
  "route-line": `
    inet inet6 to src via gw from tos dsfield table protocol scope metric priority preference
    dev oif onlink encap expires mtu hoplimit advmss rtt rttvar reordering window cwnd
    ssthresh realms rto_min initcwnd initrwnd features quickack congctl pref ttl-propagate
    fastopen_no_cookie add prepend append or nexthop no_track track_group vrf
  `,
  "route-line/encap-ip": `
    id dst src tos ttl flags
  `,
  "route-line/encap-ip6": `
    id dst src tc hoplimit flags
  `,
  "rule-line": `
    inet inet6 from to table lookup not preference order priority tos dsfield fwmark realms
    suppress_prefixlength sup_pl suppress_ifgroup sup_group dev iif oif tunnel-id uidrange
    l3mdev protocol ipproto sport dport no_track track_group type goto nop blackhole
    unreachable prohibit
  `,
  "track-line": `
    weight reverse noreverse
  `,
  "unicast-peer-line": `
    min_ttl max_ttl
  `,
  weight: `
    reverse
  `,
  lvs_method: `
    type port nocsum csum remcsum
  `,
};

/** What Keelson adds or still honours. */
const beyondKeepalived: Readonly<Record<string, string>> = {
  global_defs: `lb_engine lb_attach lb_interfaces lb_connections notify_timeout smtp_auth smtp_tls vip_lease
    lvs_expire_nodest_conn lvs_expire_quiescent_template lvs_conn_reuse_mode lvs_sloppy_tcp
    lvs_sloppy_sctp lvs_cache_bypass lvs_nat_icmp_send lvs_schedule_icmp lvs_pmtu_disc
    lvs_backup_only lvs_lblc_expiration lvs_lblcr_expiration lvs_sync_threshold
    lvs_sync_refresh_period lvs_sync_retries lvs_sync_persist_mode`,
  "/": "witness",
  vrrp_instance: "dual_stack track_witness vip_lease witness_quorum",
  witness: "ping tcp http interval timeout rise fall",
  virtual_server: "drain_time nat_mask persistence_across_group",
  "virtual_server/real_server": "lb_kind",
  "virtual_server/real_server/TCP_CHECK": "nb_get_retry",
};

const words = (text = ""): readonly string[] => text.split(/\s+/).filter((word) => word !== "");
const blocks = blocksIn(fileBlock);
const keywords = blocks.flatMap((block) =>
  block.keywords.map((keyword) => ({ path: block.path, keyword })),
);

test("the table has every block and keyword of keepalived, and Keelson's own, and no others", () => {
  const paths = blocks.map((block) => block.path);
  const known = [...Object.keys(keywordsOfKeepalived), "witness"];
  assert.deepEqual(paths.toSorted(), known.toSorted());
  let pairs = 0;
  for (const block of blocks) {
    const theirs = words(keywordsOfKeepalived[block.path]);
    pairs += theirs.length;
    const ours = block.keywords.filter((keyword) => keyword.ours === true);
    assert.deepEqual(
      ours.map(({ name }) => name).toSorted(),
      words(beyondKeepalived[block.path]).toSorted(),
    );
    const others = block.keywords.filter((keyword) => keyword.ours !== true);
    assert.deepEqual(
      others.map(({ name }) => name).toSorted(),
      theirs.toSorted(),
      `keywords of ${block.path}`,
    );
  }
  assert.equal(pairs, 531);
});

test("lines and keywords with options know every inline word of keepalived", () => {
  const known = new Map<string, Set<string>>();
  const add = (name: string, options: readonly OptionSpec[] | undefined): void => {
    const names = known.get(name) ?? new Set();
    known.set(name, names);
    for (const option of options ?? []) {
      names.add(option.name);
      if (option.name === "encap") {
        add(`${name}/encap-ip`, option.options);
        add(`${name}/encap-ip6`, option.options);
      }
    }
  };
  for (const { keyword } of keywords) {
    add(keyword.name, keyword.options);
    const lines = linesOf(keyword);
    if (lines !== undefined)
      add(lines.name, lines.name === "track-line" ? optionsIn(lines.options) : lines.options);
  }
  for (const [name, list] of Object.entries(inlineWordsOfKeepalived))
    for (const word of words(list)) assert.ok(known.get(name)?.has(word), `${name}: ${word}`);
});

test("every name stands once in its block, and every synonym names a keyword beside it", () => {
  for (const block of blocks) {
    const names = block.keywords.map(({ name }) => name);
    assert.equal(new Set(names).size, names.length, block.path);
    for (const { name, sameAs } of block.keywords)
      if (sameAs !== undefined) assert.ok(names.includes(sameAs), `${block.path} ${name}`);
  }
});

test("every entry has a summary of whole sentences", () => {
  const sentences = /^[A-Z].*[^.]\.$/s;
  for (const block of blocks) assert.match(block.summary, sentences, block.path);
  for (const { path, keyword } of keywords) {
    assert.match(keyword.summary, sentences, `${path} ${keyword.name}`);
    const lines = linesOf(keyword);
    if (lines !== undefined) assert.match(lines.summary, sentences, lines.name);
    const variants = [...(keyword.variants ?? []), ...(lines?.variants ?? [])];
    for (const variant of variants) assert.match(variant.summary, sentences, variant.word);
    for (const option of optionsOfKeyword(keyword))
      assert.match(option.summary, sentences, `${path} ${keyword.name} ${option.name}`);
  }
});

test("an entry says what is missing exactly when Keelson does not act on it", () => {
  for (const { path, keyword } of keywords) {
    assert.equal(keyword.missing === undefined, keyword.acts, `${path} ${keyword.name}`);
    for (const option of optionsOfKeyword(keyword))
      assert.equal(option.missing === undefined, option.acts, `${keyword.name} ${option.name}`);
  }
});

test("texts that are shown inside sentences have no full stop", () => {
  for (const { path, keyword } of keywords)
    for (const text of [
      keyword.missing,
      keyword.unset,
      keyword.withoutArgument,
      keyword.deprecated?.advice,
    ])
      if (text !== undefined) assert.doesNotMatch(text, /\.$/, `${path} ${keyword.name}`);
});

test("ranges are ranges, choices are several or one on purpose, and names of arguments are in capitals", () => {
  for (const { path, keyword } of keywords)
    for (const argument of argumentsOfKeyword(keyword)) {
      const where = `${path} ${keyword.name} ${argument.name}`;
      const { value } = argument;
      if (value.kind === "integer" || value.kind === "seconds")
        assert.ok(value.min < value.max && Number.isFinite(value.max), where);
      if (value.kind === "choice") assert.equal(new Set(value.choices).size, value.choices.length);
      const literal = value.kind === "choice" && value.choices.length === 1;
      if (!literal) assert.match(argument.name, /^[A-Z][A-Z0-9_-]*$/, where);
    }
});

test("optional arguments stand last, but for words that tell themselves apart; only the last one repeats", () => {
  for (const { path, keyword } of keywords) {
    const list = keyword.arguments;
    for (const [i, argument] of list.entries()) {
      const where = `${path} ${keyword.name}`;
      if (argument.repeats === true) assert.equal(i, list.length - 1, where);
      const rest = list.slice(i + 1);
      if (argument.optional === true && rest.some((other) => other.optional !== true))
        assert.equal(argument.value.kind, "choice", where);
    }
  }
});

test("a default can be read as the value that it stands for", () => {
  for (const { path, keyword } of keywords) {
    if (keyword.default === undefined) continue;
    const [first] = keyword.arguments.filter((argument) => argument.name !== "all");
    assert.ok(first !== undefined, `${path} ${keyword.name} has a default and no argument`);
    assert.ok(reads(keyword.default, first.value), `${path} ${keyword.name} ${keyword.default}`);
  }
});

test("keywords that Keelson acts on stand in blocks that it acts on", () => {
  const acted = blocks.flatMap((block) => block.keywords.filter((keyword) => keyword.acts));
  for (const block of blocks) {
    if (block.path === "/" || !block.keywords.some((keyword) => keyword.acts)) continue;
    const name = block.path.slice(block.path.lastIndexOf("/") + 1);
    assert.ok(
      acted.some((keyword) => keyword.name === name),
      block.path,
    );
  }
  assert.equal(blockAt(fileBlock, "virtual_server/real_server/TCP_CHECK")?.keywords[0]?.acts, true);
});

function optionsOfKeyword(keyword: KeywordSpec): readonly OptionSpec[] {
  return optionsIn([...(keyword.options ?? []), ...(linesOf(keyword)?.options ?? [])]);
}

function argumentsOfKeyword(keyword: KeywordSpec): KeywordSpec["arguments"] {
  const lines = linesOf(keyword);
  return [
    ...keyword.arguments,
    ...(lines?.leading ?? []),
    ...[...(keyword.variants ?? []), ...(lines?.variants ?? [])].flatMap(
      (variant) => variant.arguments,
    ),
    ...optionsOfKeyword(keyword).flatMap((option) => option.arguments),
  ];
}

/** True when a text can stand where the kind is wanted. */
function reads(text: string, kind: ValueKind): boolean {
  switch (kind.kind) {
    case "integer":
      return parseInteger(text) >= kind.min && parseInteger(text) <= kind.max;
    case "seconds":
      return parseDecimal(text) >= kind.min && parseDecimal(text) <= kind.max;
    case "boolean":
      return text === "on" || text === "off";
    case "choice":
      return kind.choices.includes(text);
    case "form":
      return kind.read(text).ok;
    default:
      return !/\s/.test(text);
  }
}
