/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* Rewriting addresses, ports and checksums (RFC 1624). In XDP a checksum is what the wire carries and is
 * updated inline; in tc it may be partial (left to the sending NIC), which only the helper knows. */
#ifndef KEELSON_NAT_H
#define KEELSON_NAT_H

#include "parse.h"

/* The sum of a few 32-bit words stays far below 2^40: three rounds are enough. */
static __always_inline __u16 fold(__u64 sum)
{
	sum = (sum & 0xffff) + (sum >> 16);
	sum = (sum & 0xffff) + (sum >> 16);
	return (sum & 0xffff) + (sum >> 16);
}

/* What replacing an address and a port adds to a sum that is not yet complemented. */
static __always_inline __u64 change_of(__be32 old_address, __be32 address, __be16 old_port, __be16 port)
{
	return (__u64)(__u32)~old_address + address + (__u16)~old_port + port;
}

static __always_inline __u16 updated(__u16 check, __u64 change)
{
	return ~fold((__u64)(__u16)~check + change);
}

static __always_inline void decrement_ttl(struct iphdr *ip)
{
	__u32 check = (__u32)ip->check + bpf_htons(0x0100);

	ip->check = check + (check >= 0xffff);
	ip->ttl--;
}

/* Replaces one end of a TCP or UDP packet: the client's target, or a reply's source. */
static __always_inline int rewrite(void *ctx, enum front front, void *data, void *end, __u8 protocol,
				   int is_reply, __be32 address, __be16 port)
{
	struct iphdr *ip = data + ETH_HLEN;
	struct ports *ports = data + L4_OFFSET;
	__be32 old_address;
	__be16 old_port;
	__u16 *check;

	old_address = is_reply ? ip->saddr : ip->daddr;
	old_port = is_reply ? ports->source : ports->target;
	if (protocol == IPPROTO_TCP) {
		if (data + TCP_END > end)
			return -1;
		check = data + TCP_CHECK_OFFSET;
	} else {
		check = data + UDP_CHECK_OFFSET;
	}
	ip->check = updated(ip->check, change_of(old_address, address, 0, 0xffff));
	if (is_reply) {
		ip->saddr = address;
		ports->source = port;
	} else {
		ip->daddr = address;
		ports->target = port;
	}
	if (front == FRONT_XDP) {
		__u16 sum;

		if (protocol == IPPROTO_UDP && *check == 0)
			return 0;
		sum = updated(*check, change_of(old_address, address, old_port, port));
		*check = protocol == IPPROTO_UDP && sum == 0 ? 0xffff : sum;
		return 0;
	} else {
		__u32 offset = protocol == IPPROTO_TCP ? TCP_CHECK_OFFSET : UDP_CHECK_OFFSET;
		__u64 mangled = protocol == IPPROTO_UDP ? BPF_F_MARK_MANGLED_0 : 0;

		if (bpf_l4_csum_replace(ctx, offset, old_address, address,
					BPF_F_PSEUDO_HDR | mangled | sizeof(address)))
			return -1;
		if (old_port != port &&
		    bpf_l4_csum_replace(ctx, offset, old_port, port, mangled | sizeof(port)))
			return -1;
		return 0;
	}
}

#endif
