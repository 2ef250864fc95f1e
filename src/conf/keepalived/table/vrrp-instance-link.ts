// vrrp_instance: interface, virtual MAC address, peers and packets.

import { flag, keyword, option, single, toggle, withLines } from "./entries.ts";
import type { FormReading, KeywordSpec, OptionSpec } from "./keyword-spec.ts";
import {
  address,
  anyNumber,
  argument,
  choice,
  form,
  integer,
  interfaceName,
  optional,
  uintMax,
} from "./kinds.ts";
import { unicastPeerLine } from "./unicast-peer-lines.ts";

const interfaceOptions: readonly OptionSpec[] = [
  option("name", "The name of the interface, where it could be taken for something else.", [
    argument("INTERFACE", interfaceName),
  ]),
  option("group", "The group of interfaces that it joins.", [argument("GROUP", { kind: "text" })]),
];

/** A name or a MAC address, of which the last octet may be missing: it is then the VRID. */
function readVmac(word: string): FormReading {
  if (word.includes(":")) {
    if (/^([0-9a-fA-F]{1,2}:){4,5}[0-9a-fA-F]{1,2}$/.test(word)) return { ok: true, value: word };
    return {
      ok: false,
      message: `\`${word}\` is no MAC address of 5 or 6 octets`,
      otherwise: { instead: "the MAC address of the RFC counts" },
    };
  }
  return readName(word);
}

function readIpvlan(word: string): FormReading {
  if (["bridge", "private", "vepa"].includes(word) || /^[0-9a-fA-F:.]+(\/\d+)?$/.test(word))
    return { ok: true, value: word };
  return readName(word);
}

/** What stands for a name among the words behind `use_vmac` or `use_ipvlan`, which may have one of each. */
function checkOneName(words: readonly string[]): string | undefined {
  const seen = new Map<string, string>();
  for (let i = 1; i < words.length; i++) {
    if (words[i] === "name") i++;
    else if (words[i] === "group") i += 2;
    const word = words[i] ?? "netlink_notify_msg";
    if (word === "netlink_notify_msg") continue;
    const kind = kindOfWord(words[0] ?? "", word);
    const before = seen.get(kind);
    if (before !== undefined) return `\`${word}\` would be a second ${kind} beside \`${before}\``;
    seen.set(kind, word);
  }
  return undefined;
}

/** `use_vmac` takes MAC addresses, `use_ipvlan` IP addresses and modes; all else is a name. */
function kindOfWord(keyword: string, word: string): "address" | "mode" | "name" {
  if (word.includes(":")) return "address";
  if (keyword === "use_vmac") return "name";
  if (/^[0-9.]+(\/\d+)?$/.test(word) && word.includes(".")) return "address";
  return ["bridge", "private", "vepa"].includes(word) ? "mode" : "name";
}

function readName(word: string): FormReading {
  if (word.length <= 15 && !/[/\s]/.test(word)) return { ok: true, value: word };
  return {
    ok: false,
    message: `\`${word}\` cannot be the name of an interface`,
    otherwise: { instead: "the default name counts" },
  };
}

/** The keywords about the link. */
export const linkKeywords: readonly KeywordSpec[] = [
  single(
    "interface",
    "The interface on which the instance speaks, and which holds its addresses.",
    "INTERFACE",
    interfaceName,
  ),
  single(
    "vrf",
    "The VRF in which an instance without interface speaks by unicast.",
    "INTERFACE",
    interfaceName,
    {
      missing: "the instance speaks in the default VRF",
    },
  ),
  flag("dont_track_primary", "Goes on when the instance's own interface is down."),
  single("mcast_src_ip", "The address from which adverts are sent.", "ADDRESS", address, {
    unset: "the first address of the interface",
  }),
  single("mcast_dst_ip", "The multicast group to which adverts are sent.", "ADDRESS", address, {
    unset: "what global_defs says, else 224.0.0.18 or ff02::12",
  }),
  single("unicast_src_ip", "The address from which unicast adverts are sent.", "ADDRESS", address, {
    unset: "the first address of the interface",
  }),
  withLines(
    "unicast_peer",
    "Sends adverts to these routers instead of the multicast group.",
    [],
    unicastPeerLine,
  ),
  flag(
    "unicast_fault_no_peer",
    "Goes to FAULT instead of multicast when the list of peers is empty.",
  ),
  toggle(
    "check_unicast_src",
    "Drops unicast adverts whose sender is none of the listed peers, which Keelson does unless told `no`.",
    { default: "on" },
  ),
  single("unicast_ttl", "The TTL of unicast adverts.", "TTL", integer(0, 255, "255 counts"), {
    default: "255",
  }),
  keyword(
    "old_unicast_checksum",
    "Speaks with peers that compute the checksum of version 3 as keepalived did before 1.3.7; `never` does not even try.",
    [optional("never", choice(["never"], "the word is ignored"))],
  ),
  flag("track_src_ip", "Goes to FAULT when the address from which adverts are sent goes away."),
  flag("native_ipv6", "Has no effect: the addresses say which family it is.", {
    deprecated: { advice: "remove it" },
    missing: "nothing: the addresses say which family it is",
  }),
  flag(
    "linkbeat_use_polling",
    "Asks the interface for its link instead of listening to the kernel.",
    {
      deprecated: { advice: "name the interface in `linkbeat_interfaces`" },
      missing: "the kernel's news of the link count",
    },
  ),
  flag(
    "promote_secondaries",
    "Keeps the other addresses of a subnet when its first one is removed.",
    {},
  ),
  keyword(
    "use_vmac",
    "Gives the addresses an interface of their own, whose MAC address is that of the virtual router; a name or another MAC address may follow.",
    [anyNumber("NAME_OR_MAC", form("INTERFACE or MAC", readVmac))],
    {
      options: [
        ...interfaceOptions,
        option("netlink_notify_msg", "Announces the interface to programs that watch.", []),
      ],
      check: checkOneName,
    },
  ),
  flag("use_vmac_addr", "Does so too for addresses on other interfaces than the instance's.", {}),
  flag(
    "vmac_xmit_base",
    "Sends adverts from the interface itself and not from the virtual one.",
    {},
  ),
  keyword(
    "use_ipvlan",
    "Runs on an ipvlan interface of its own; a name, an address and the mode [bridge, private, vepa] may follow.",
    [anyNumber("NAME_ADDRESS_OR_MODE", form("INTERFACE, ADDRESS or MODE", readIpvlan))],
    {
      options: interfaceOptions,
      check: checkOneName,
    },
  ),
  single(
    "kernel_rx_buf_size",
    "The size of the receive buffer of adverts.",
    "BYTES",
    integer(0, uintMax, "`vrrp_rx_bufs_policy` counts", "bytes"),
    {
      unset: "what `vrrp_rx_bufs_policy` says",
      withoutArgument: "`vrrp_rx_bufs_policy` counts",
    },
  ),
  toggle(
    "v3_checksum_as_v2",
    "Leaves the pseudo-header out of the checksum of IPv4 adverts of version 3, for peers that do so.",
    {
      unset: "what global_defs says",
      since: "after 2.2.7",
    },
  ),
  toggle(
    "skip_check_adv_addr",
    "Compares the addresses of an advert with the configured ones only when the sender is a new one.",
    { unset: "what global_defs says" },
  ),
];
