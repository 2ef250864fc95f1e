/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* What a packet of any form is: IPv4 with options, IPv6 with extension headers, a piece of either, and
 * what an ICMP error quotes. Reads by helpers, so that no place in the packet need be known before. */
#ifndef KEELSON_LOOK_H
#define KEELSON_LOOK_H

#include <linux/ipv6.h>

#include "sctp.h"

#define NEXT_HOP_BY_HOP 0
#define NEXT_ROUTING 43
#define NEXT_FRAGMENT 44
#define NEXT_AUTHENTICATION 51
#define NEXT_DESTINATION 60
#define EXTENSIONS_MAX 8

#define IPV4_MORE_FRAGMENTS 0x2000
#define IPV4_FRAGMENT_OFFSET 0x1fff
#define IPV6_MORE_FRAGMENTS 0x0001
#define IPV6_FRAGMENT_OFFSET 0xfff8

static __always_inline int load(void *ctx, enum front front, __u32 at, void *to, __u32 length)
{
	if (front == FRONT_XDP)
		return bpf_xdp_load_bytes(ctx, at, to, length);
	return bpf_skb_load_bytes(ctx, at, to, length);
}

struct extension {
	__u8 next;
	__u8 length;
	__be16 fragment;
	__be32 id;
};

static __always_inline int look4(void *ctx, enum front front, __u32 at, struct seen *seen)
{
	struct iphdr ip;
	__u16 fragment;

	if (load(ctx, front, at, &ip, sizeof(ip)) || ip.version != 4 || ip.ihl < 5 ||
	    bpf_ntohs(ip.tot_len) < ip.ihl * 4)
		return -1;
	set_address4(&seen->source, ip.saddr);
	set_address4(&seen->target, ip.daddr);
	fragment = bpf_ntohs(ip.frag_off);
	seen->transport = at + ip.ihl * 4;
	seen->end = at + bpf_ntohs(ip.tot_len);
	seen->fragment_id = ip.id;
	seen->protocol = ip.protocol;
	if (fragment & IPV4_FRAGMENT_OFFSET)
		seen->piece = PIECE_LATER;
	else if (fragment & IPV4_MORE_FRAGMENTS)
		seen->piece = PIECE_FIRST;
	return 0;
}

/* Follows the extension headers to the one that a transport protocol has. */
static __always_inline int look6(void *ctx, enum front front, __u32 at, struct seen *seen)
{
	struct extension extension;
	__be16 payload;
	__u32 next_at = at + sizeof(struct ipv6hdr);
	__u8 next;

	if (load(ctx, front, at + 4, &payload, sizeof(payload)) ||
	    load(ctx, front, at + 6, &next, sizeof(next)) ||
	    load(ctx, front, at + 8, &seen->source, 2 * sizeof(struct address)))
		return -1;
	seen->end = next_at + bpf_ntohs(payload);
	for (int i = 0; i < EXTENSIONS_MAX; i++) {
		if (next != NEXT_HOP_BY_HOP && next != NEXT_ROUTING && next != NEXT_FRAGMENT &&
		    next != NEXT_AUTHENTICATION && next != NEXT_DESTINATION)
			break;
		if (seen->piece == PIECE_LATER)
			break;
		if (load(ctx, front, next_at, &extension, sizeof(extension)))
			return -1;
		/* A routing header that still has places to visit: the target is not the last one. */
		if (next == NEXT_ROUTING && (bpf_ntohs(extension.fragment) & 0xff))
			return -1;
		if (next == NEXT_FRAGMENT) {
			__u16 fragment = bpf_ntohs(extension.fragment);

			seen->fragment_id = extension.id;
			if (fragment & IPV6_FRAGMENT_OFFSET)
				seen->piece = PIECE_LATER;
			else if (fragment & IPV6_MORE_FRAGMENTS)
				seen->piece = PIECE_FIRST;
			next_at += 8;
		} else if (next == NEXT_AUTHENTICATION) {
			next_at += (extension.length + 2) * 4;
		} else {
			next_at += (extension.length + 1) * 8;
		}
		next = extension.next;
	}
	seen->protocol = next;
	seen->transport = next_at;
	return 0;
}

static __always_inline __u32 shortest_transport(__u8 protocol)
{
	if (protocol == IPPROTO_TCP)
		return TCP_END - L4_OFFSET;
	return protocol == PROTOCOL_SCTP ? SCTP_HEADER : UDP_END - L4_OFFSET;
}

/* The transport header, as far as a balancer reads it. Not of a later piece, which has none. */
static __always_inline int look_at_transport(void *ctx, enum front front, struct seen *seen)
{
	__u8 chunk;

	if (seen->transport + shortest_transport(seen->protocol) > seen->end)
		return -1;
	if (load(ctx, front, seen->transport, &seen->ports, sizeof(seen->ports)))
		return -1;
	if (seen->protocol == IPPROTO_TCP)
		return load(ctx, front, seen->transport + 13, &seen->event, 1);
	if (seen->protocol != PROTOCOL_SCTP)
		return 0;
	if (load(ctx, front, seen->transport + SCTP_HEADER, &chunk, 1))
		return -1;
	seen->event = sctp_event(chunk);
	if (chunk == SCTP_COOKIE_ECHO || chunk == SCTP_COOKIE_ACK) {
		__be16 length;

		/* An ABORT in the same packet says more. */
		if (load(ctx, front, seen->transport + SCTP_HEADER + 2, &length, sizeof(length)) == 0 &&
		    load(ctx, front,
			 seen->transport + SCTP_HEADER + ((bpf_ntohs(length) + 3) & 0x1fffc), &chunk,
			 1) == 0 &&
		    chunk == SCTP_ABORT)
			seen->event = SCTP_ON_ABORT;
	}
	return 0;
}

/* Reads the headers that begin at `at`. Not 0: it is not a packet that a balancer understands. */
static __always_inline int look(void *ctx, enum front front, __u32 at, __u8 family, struct seen *seen)
{
	__builtin_memset(seen, 0, sizeof(*seen));
	seen->family = family;
	if (family == IPV4 ? look4(ctx, front, at, seen) : look6(ctx, front, at, seen))
		return -1;
	return seen->transport > TRANSPORT_MAX ? -1 : 0;
}

static __always_inline int has_ports(__u8 protocol)
{
	return protocol == IPPROTO_TCP || protocol == IPPROTO_UDP || protocol == PROTOCOL_SCTP;
}

#endif
