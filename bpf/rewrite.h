/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* Rewriting packets of any form: either family, any place of the transport header, TCP, UDP and SCTP, and
 * the quotation of an ICMP error. */
#ifndef KEELSON_REWRITE_H
#define KEELSON_REWRITE_H

#include "look.h"
#include "nat.h"

#define IPV4_CHECK_OFFSET (ETH_HLEN + 10)
#define CSUM_IPV6_UNKNOWN -1

/* What replacing an address adds to a sum that is not yet complemented. */
static __always_inline __u64 change_of_address(const struct address *old, const struct address *address)
{
	__u64 sum = 0;

	for (int i = 0; i < 4; i++)
		sum += (__u64)(__u32)~old->words[i] + (__u32)address->words[i];
	return sum;
}

static __always_inline int store(void *ctx, enum front front, __u32 at, const void *from, __u32 length)
{
	if (front == FRONT_XDP)
		return bpf_xdp_store_bytes(ctx, at, (void *)from, length);
	return bpf_skb_store_bytes(ctx, at, from, length, 0);
}

/* Adds a change to a checksum in the frame. */
static __always_inline int update_check(void *ctx, enum front front, __u32 at, __u64 change)
{
	__u16 check;

	if (load(ctx, front, at, &check, sizeof(check)))
		return -1;
	check = updated(check, change);
	return store(ctx, front, at, &check, sizeof(check));
}

/* What is left of a packet's way; 0 for one that is cut short. */
static __always_inline __u8 ttl_of(void *ctx, enum front front, __u8 family)
{
	void *data = data_of(ctx, front);
	struct ipv6hdr *ip6 = data + ETH_HLEN;
	struct iphdr *ip = data + ETH_HLEN;

	if (family == IPV6)
		return (void *)(ip6 + 1) > data_end_of(ctx, front) ? 0 : ip6->hop_limit;
	return (void *)(ip + 1) > data_end_of(ctx, front) ? 0 : ip->ttl;
}

/* Not 0: the packet has come to the end of its way. */
static __always_inline int lower_ttl(void *ctx, enum front front, __u8 family)
{
	void *data = data_of(ctx, front);
	struct ipv6hdr *ip6 = data + ETH_HLEN;
	struct iphdr *ip = data + ETH_HLEN;

	if (family == IPV6) {
		if ((void *)(ip6 + 1) > data_end_of(ctx, front) || ip6->hop_limit <= 1)
			return -1;
		ip6->hop_limit--;
		return 0;
	}
	if ((void *)(ip + 1) > data_end_of(ctx, front) || ip->ttl <= 1)
		return -1;
	decrement_ttl(ip);
	return 0;
}

/* Where an address stands in an IP header. */
static __always_inline __u32 address_offset(__u8 family, int is_target)
{
	if (family == IPV6)
		return is_target ? 24 : 8;
	return is_target ? 16 : 12;
}

static __always_inline __u32 address_length(__u8 family)
{
	return family == IPV6 ? sizeof(struct address) : sizeof(__be32);
}

static __always_inline int store_address(void *ctx, enum front front, __u32 at, const struct address *address,
					 __u8 family)
{
	if (family == IPV6)
		return store(ctx, front, at, address, sizeof(*address));
	return store(ctx, front, at, address, sizeof(__be32));
}

/* SCTP's checksum covers ports and no addresses. One of zero is not there yet: the network card makes it. */
static __always_inline int update_sctp(void *ctx, enum front front, const struct seen *seen, int is_reply,
				       __be16 old_port, __be16 port)
{
	__u32 difference = (__u32)(old_port ^ port) << (is_reply ? 0 : 16);
	__u32 at = seen->transport + SCTP_CHECK_OFFSET;
	__u32 check;

	if (difference == 0)
		return 0;
	/* The whole packet's length is not known. */
	if (seen->piece)
		return -1;
	if (load(ctx, front, at, &check, sizeof(check)))
		return -1;
	if (check == 0)
		return 0;
	check ^= crc_change(difference, seen->end - seen->transport);
	return store(ctx, front, at, &check, sizeof(check));
}

static __always_inline int update_transport(void *ctx, enum front front, const struct seen *seen,
					    __u64 address_change, __be16 old_port, __be16 port)
{
	__u32 at = seen->transport + (seen->protocol == IPPROTO_TCP ? 16 : 6);
	int is_udp = seen->protocol == IPPROTO_UDP;
	__u64 flags = is_udp ? BPF_F_MARK_MANGLED_0 : 0;
	__u16 check;

	if (front == FRONT_XDP) {
		if (load(ctx, front, at, &check, sizeof(check)))
			return -1;
		if (is_udp && check == 0)
			return 0;
		check = updated(check, address_change + (__u16)~old_port + port);
		if (is_udp && check == 0)
			check = 0xffff;
		return store(ctx, front, at, &check, sizeof(check));
	}
	address_change = (address_change & 0xffffffff) + (address_change >> 32);
	address_change = (address_change & 0xffffffff) + (address_change >> 32);
	if (bpf_l4_csum_replace(ctx, at, 0, address_change, BPF_F_PSEUDO_HDR | flags))
		return -1;
	/* That took the change for one which IPv4's header checksum makes up for: IPv6 has none. */
	if (seen->family == IPV6)
		bpf_csum_update(ctx, address_change);
	if (old_port != port && bpf_l4_csum_replace(ctx, at, old_port, port, flags | sizeof(port)))
		return -1;
	return 0;
}

/* Replaces one end of a packet: the client's target, or a reply's source. */
static __always_inline int rewrite_any(void *ctx, enum front front, const struct seen *seen, int is_reply,
				       const struct address *address, __be16 port)
{
	const struct address *old = is_reply ? &seen->source : &seen->target;
	__be16 old_port = is_reply ? seen->ports.source : seen->ports.target;
	__u64 change = change_of_address(old, address);

	if (store_address(ctx, front, ETH_HLEN + address_offset(seen->family, !is_reply), address,
			  seen->family))
		return -1;
	if (seen->family == IPV4 && update_check(ctx, front, IPV4_CHECK_OFFSET, change))
		return -1;
	if (seen->piece == PIECE_LATER)
		return 0;
	if (store(ctx, front, seen->transport + (is_reply ? 0 : 2), &port, sizeof(port)))
		return -1;
	if (seen->protocol == PROTOCOL_SCTP)
		return update_sctp(ctx, front, seen, is_reply, old_port, port);
	return update_transport(ctx, front, seen, change, old_port, port);
}

/* An ICMP error gets another end, outside and in its quotation: the target outside and the quoted source
 * on the way to a real server, the source outside and the quoted target on the way to a client. */
static __always_inline int rewrite_error(void *ctx, enum front front, const struct seen *seen,
					 const struct seen *quoted, int is_reply, const struct address *address,
					 __be16 port)
{
	const struct address *old_outer = is_reply ? &seen->source : &seen->target;
	const struct address *old = is_reply ? &quoted->target : &quoted->source;
	__be16 old_port = is_reply ? quoted->ports.target : quoted->ports.source;
	__u32 inner = seen->transport + sizeof(struct icmphdr);
	__u64 change = change_of_address(old, address);
	__u64 outer_change = change_of_address(old_outer, address);
	__u64 all = change + (__u16)~old_port + port;

	if (seen->family == IPV4) {
		__u16 check;

		if (load(ctx, front, inner + 10, &check, sizeof(check)))
			return -1;
		all += (__u16)~check;
		check = updated(check, change);
		all += check;
		if (store(ctx, front, inner + 10, &check, sizeof(check)) ||
		    update_check(ctx, front, IPV4_CHECK_OFFSET, outer_change))
			return -1;
	} else {
		all += outer_change;
	}
	if (store_address(ctx, front, inner + address_offset(seen->family, is_reply), address, seen->family) ||
	    store_address(ctx, front, ETH_HLEN + address_offset(seen->family, !is_reply), address,
			  seen->family) ||
	    store(ctx, front, quoted->transport + (is_reply ? 2 : 0), &port, sizeof(port)))
		return -1;
	return update_check(ctx, front, seen->transport + 2, all);
}

#endif
