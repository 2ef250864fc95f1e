// vrrp_instance: who becomes MASTER, and when.

import { flag, keyword, single, synonym, toggle } from "./entries.ts";
import type { KeywordSpec } from "./keyword-spec.ts";
import { choice, integer, optional, seconds } from "./kinds.ts";

const expiredBackup = keyword(
  "timer_expired_backup",
  "Makes a MASTER that was not run for longer than the others wait a BACKUP, so that it does not fight its successor. The number is the highest priority of the others; it needs `nopreempt`.",
  [optional("PRIORITY", integer(1, 254, "254 counts"))],
  {
    unset: "off",
    since: "after 2.2.7",
  },
);

/** The keywords about the election. */
export const electionKeywords: readonly KeywordSpec[] = [
  single(
    "state",
    "The state that the instance wishes for at its start. Only the owner of the address [priority 255] is MASTER at once; all others wait for silence first.",
    "STATE",
    choice(["MASTER", "BACKUP"], "the instance starts as BACKUP"),
    { default: "BACKUP" },
  ),
  single(
    "virtual_router_id",
    "The number that the nodes of one instance share, and that no other instance on the link has.",
    "VRID",
    integer(1, 255, "stop"),
  ),
  single(
    "priority",
    "Who wins the election: the highest. 255 means the owner of the address, whose priority nothing changes.",
    "PRIORITY",
    integer(1, 255, "stop"),
    { default: "100" },
  ),
  single(
    "advert_int",
    "The time between adverts. Version 2 knows whole seconds up to 255, version 3 steps of 0.01 up to 40.95.",
    "SECONDS",
    seconds(0.01, 255, "stop"),
    { default: "1" },
  ),
  single(
    "version",
    "The version of VRRP; an IPv6 instance has always version 3.",
    "VERSION",
    choice(["2", "3"], "the global version counts"),
    { unset: "what `vrrp_version` says, else 2" },
  ),
  flag("preempt", "Takes over from a MASTER of lower priority, which is what happens anyway."),
  flag(
    "nopreempt",
    "Leaves a MASTER of lower priority alone. It does not go with `state MASTER` or priority 255.",
  ),
  single(
    "preempt_delay",
    "How long to wait before taking over from a MASTER of lower priority.",
    "SECONDS",
    seconds(0, 1000, "there is no delay"),
    { default: "0" },
  ),
  single(
    "down_timer_adverts",
    "How many adverts must be missing before a BACKUP takes over.",
    "COUNT",
    integer(1, 100, "3 counts"),
    { unset: "what global_defs says, else 3" },
  ),
  expiredBackup,
  synonym("thread_timer_expired", expiredBackup, "Another name of `timer_expired_backup`."),
  toggle(
    "lower_prio_no_advert",
    "Keeps a MASTER from answering an advert of lower priority with one of its own.",
    { unset: "what global_defs says" },
  ),
  toggle(
    "higher_prio_send_advert",
    "Sends one more advert before yielding to a higher priority, so that the new MASTER announces its addresses again.",
    { unset: "what global_defs says, else on while both routers have the same interval" },
  ),
  toggle(
    "owner_ignore_adverts",
    "Makes the owner of an address [priority 255] ignore all adverts, as the RFC wants.",
    {
      unset: "what global_defs says",
      since: "after 2.2.7",
    },
  ),
  toggle("strict_mode", "Keeps to the RFC, as `vrrp_strict` does for all instances.", {
    unset: "what `vrrp_strict` says",
  }),
];
