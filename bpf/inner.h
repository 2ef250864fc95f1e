/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* What the outer packet of a tunnel has to know of the inner one. */
#ifndef KEELSON_INNER_H
#define KEELSON_INNER_H

#include "look.h"
#include "parse.h"

#define IP_DONT_FRAGMENT 0x4000

/* What the outer packet takes over from the inner one. */
struct inner {
	__u16 length; /* of the whole packet, as its header says */
	__u16 id;
	__u32 hash; /* of its ends */
	__u32 sum; /* of all of it, not complemented, when it is known */
	__u8 traffic_class;
	__u8 ttl;
	__u8 dont_fragment;
	__u8 family;
	__u8 sum_known;
	__u8 protocol;
	__u8 checks; /* the tunnel carries a checksum */
	__u8 zero;
};

/* A packet with the transport header at `ports`; `is_whole`: no fragment. */
static __always_inline void describe_transport(struct inner *inner, const struct ports *ports,
					       __u64 pseudo, int is_whole)
{
	const __u16 *words = (const __u16 *)ports;

	inner->sum_known = is_whole && (inner->protocol == IPPROTO_TCP ||
					(inner->protocol == IPPROTO_UDP && words[3] != 0));
	if (inner->sum_known)
		inner->sum += (__u16)~fold(pseudo);
}

static __always_inline void describe_inner4(struct inner *inner, const struct iphdr *ip)
{
	const struct ports *ports = (const void *)(ip + 1);
	__u32 length = bpf_ntohs(ip->tot_len);
	int is_whole = !(ip->frag_off & bpf_htons(IP_FRAGMENT_BITS));
	__u64 pseudo = (__u64)ip->saddr + ip->daddr + bpf_htons(ip->protocol) +
		       bpf_htons(length - sizeof(*ip));

	__builtin_memset(inner, 0, sizeof(*inner));
	inner->family = IPV4;
	inner->length = length;
	inner->traffic_class = ip->tos;
	inner->ttl = ip->ttl;
	inner->dont_fragment = !!(ip->frag_off & bpf_htons(IP_DONT_FRAGMENT));
	inner->protocol = ip->protocol;
	inner->hash = flow_hash(ip->saddr, ip->daddr, is_whole && has_ports(ip->protocol) ? *(const __u32 *)ports : 0);
	inner->id = bpf_ntohs(ip->id) + inner->hash;
	describe_transport(inner, ports, pseudo, is_whole);
}

static __always_inline void describe_inner6(struct inner *inner, const struct ipv6hdr *ip)
{
	const struct ports *ports = (const void *)(ip + 1);
	const __u32 *client = (const __u32 *)&ip->saddr, *virtual_address = (const __u32 *)&ip->daddr;
	const __u16 *words = (const __u16 *)ip;
	__u64 addresses = 0, header = 0;

	for (int i = 0; i < 4; i++)
		addresses += (__u64)client[i] + virtual_address[i];
	for (int i = 0; i < 4; i++)
		header += words[i];
	__builtin_memset(inner, 0, sizeof(*inner));
	inner->family = IPV6;
	inner->length = bpf_ntohs(ip->payload_len) + sizeof(*ip);
	inner->traffic_class = (bpf_ntohs(words[0]) >> 4) & 0xff;
	inner->ttl = ip->hop_limit;
	inner->protocol = ip->nexthdr;
	inner->hash = flow_hash(folded_words(client), folded_words(virtual_address),
				has_ports(ip->nexthdr) ? *(const __u32 *)ports : 0);
	inner->sum = fold(addresses + header);
	describe_transport(inner, ports, addresses + ip->payload_len + bpf_htons(ip->nexthdr), 1);
	/* What tells its packets apart: of TCP the sequence number, of UDP the checksum. */
	inner->id = inner->hash + ((const __u16 *)ports)[3];
}

#endif
