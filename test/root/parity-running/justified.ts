// Differences that are meant, each with where it is explained. One that no longer occurs is an error.

/** A difference of some scenes. */
export interface Justified {
  /** A row or page that says why. */
  readonly where: string;
  /** Matches the whole line of a difference. */
  readonly line: RegExp;
  /** Names of scenes; all when absent. */
  readonly scenes?: RegExp;
  /** True where chance decides whether it is seen: that it was not is no error. */
  readonly sometimes?: true;
}

const repair =
  /removed by hand|removed by somebody|promote_secondaries|static objects|virtual routes/;
const heardLower =
  /without priority|nopreempt|preempt_delay|lower|reload while BACKUP|script, |weights of the group|notify programs|two owners|interval of the other/;

export const justified: readonly Justified[] = [
  {
    where: "docs/split-brain.md: who answers for an address is asked",
    line: /: only keelson: probe /,
  },
  {
    where: "docs/deviations/keepalived/vrrp.md: a clean stop hands over first",
    line: /: time of INSTANCE "\w+" STOP /,
    sometimes: true,
  },
  {
    where: "docs/deviations/keepalived/vrrp.md: priority 255",
    line: /BACKUP 255 \| INSTANCE "VI_1" MASTER 255\] keelson \[INSTANCE "VI_1" MASTER 255\]/,
    scenes: /priority 255/,
  },
  {
    where: "docs/deviations/keepalived/running.md: answers to lower routers are bounded",
    line: /: only \w+: announced /,
    scenes: heardLower,
  },
  {
    where: "docs/deviations/keepalived/running.md: goodbyes",
    line: /: \d goodbyes /,
    scenes: /script|file|interface|source address|sync group/,
  },
  {
    where: "docs/deviations/keepalived/running.md: lists of addresses",
    line: /./,
    scenes: /^adverts to be refused$|^skip_check_adv_addr$/,
  },
  {
    where: "docs/deviations/keepalived/vrrp.md: removed by somebody",
    line: /: (told|only \w+: (announced|\d goodbyes|route|address|rule) ?)|^order of adverts/,
    scenes: repair,
  },
  {
    where: "docs/deviations/keepalived/routes-and-rules.md: removed by somebody",
    line: /removed: only keelson: (route|rule) /,
    scenes: /static objects|virtual routes/,
  },
  {
    where: "docs/deviations/keepalived/running.md: one address of two instances",
    line: /: only keelson: (address|route) .*10\.9\.0\.100|: only \w+: announced /,
    scenes: /^two instances with one address$/,
  },
  {
    where: "docs/deviations/keepalived/running.md: address with a peer",
    line: /: only keepalived: (address|route) .*10\.98\.0\.[12]/,
    scenes: /^address words$/,
  },
  {
    where: "docs/deviations/keepalived/running.md: -nodad",
    line: /fd00:9::115/,
    scenes: /^excluded addresses/,
  },
  {
    where: "docs/deviations/keepalived/running.md: pacing",
    line: /: only \w+: announced /,
    scenes: /^garp_interval$|^garp_group|^more addresses/,
  },
  {
    where: "docs/deviations/keepalived/running.md: reload",
    line: /./,
    scenes: /^reload: other VRID/,
  },
  {
    where: "docs/deviations/keepalived/virtual-mac.md",
    line: /setting ipv[46]\/conf\/(eth[01]|all|vrrp6?\.51|vrrp\.77|vip9)\/(arp_\w+|rp_filter|autoconf|accept_local):/,
    scenes: /vmac|VMAC|garp_group/,
  },
  {
    where: "docs/deviations/keepalived/virtual-mac.md: names",
    line: /: only \w+: (link|address|route6?|setting) .*vrrp[16]?\.51/,
    scenes: /over IPv6|use_vmac_addr|address with use_vmac/,
  },
  {
    where: "docs/deviations/keepalived/running.md: init_fail",
    line: /: told: /,
    scenes: /^script, init_fail/,
  },
  {
    where: "docs/deviations/keepalived/running.md: script that hangs",
    line: /./,
    scenes: /^script that hangs$/,
  },
  {
    where: "docs/deviations/keepalived/running.md: track_src_ip",
    line: /./,
    scenes: /^track_src_ip$/,
  },
  {
    where:
      "docs/deviations/keepalived/trackers.md: processes; its connector hears nothing in a namespace of processes",
    line: /./,
    scenes: /^processes/,
  },
  {
    where: "docs/parity-running.md: this kernel has no ipvlan: neither becomes MASTER",
    line: /never told/,
    scenes: /^use_ipvlan$/,
    sometimes: true,
  },
  {
    where: "docs/deviations/keepalived/running.md: weights while a MASTER",
    line: /^only keelson: advert .*priority 70 |^order of adverts/,
    scenes: /^script, negative|weights of the group/,
    sometimes: true,
  },
  {
    where: "docs/deviations/keepalived/running.md: goodbye beside another MASTER",
    line: /^only keepalived: advert .*priority 0 /,
    scenes: /^script, (positive|negative)|weights of the group/,
    sometimes: true,
  },
  {
    where: "docs/deviations/keepalived/virtual-mac.md: a name that is taken",
    line: /./,
    scenes: /^use_vmac with a name that is taken$/,
  },
  {
    where: "the first look at an interface that is not there yet",
    line: /^started: told: keepalived \[INSTANCE "VI_1" FAULT 100\] keelson \[\]/,
    scenes: /^interface that is not there yet$/,
    sometimes: true,
  },
];

/** Splits the differences of a scene. */
export function judge(
  scene: string,
  lines: readonly string[],
): { readonly unjustified: readonly string[]; readonly used: readonly Justified[] } {
  const fitting = justified.filter(({ scenes }) => scenes?.test(scene) ?? true);
  return {
    unjustified: lines.filter((text) => !fitting.some(({ line }) => line.test(text))),
    used: fitting.filter(({ line }) => lines.some((text) => line.test(text))),
  };
}
