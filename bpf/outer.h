/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* ICMP errors about packets that bear this director's own address: the outer ones of a tunnel, and those
 * of FULLNAT. The client hears of them from the virtual address, about the packet that it sent; a tunnel's
 * path MTU is remembered. What is about neither is the kernel's.
 *
 *   Ethernet 14 | IP 20 | ICMP 8 | our IP header 20 | tunnel | the client's IP header 20, 8 more bytes
 */
#ifndef KEELSON_OUTER_H
#define KEELSON_OUTER_H

#include "fullnat.h"
#include "icmp.h"
#include "refuse.h"

#define PATH_MTU_SECONDS 600 /* how long IPv4 hosts believe in one */
#define PATH_MTU_MIN 68

#define RELAYED_LENGTH (INNER_OFFSET + sizeof(struct quotation))

/* An error to be told: in network order as in the packet. */
struct told {
	__be32 from;
	__be32 to;
	__be16 what;
	__be16 mtu;
};

static __always_inline int cut_to(void *ctx, enum front front, __u32 length)
{
	if (front == FRONT_XDP)
		return bpf_xdp_adjust_tail(ctx, (int)length - (int)frame_length(ctx, front));
	return bpf_skb_change_tail(ctx, length, 0);
}

/* Turns the frame into an ICMP error about `quoted`; its Ethernet addresses are the caller's. */
static __always_inline int write_error(void *ctx, enum front front, const struct quotation *quoted,
				       const struct told *told)
{
	const __u16 *words = (const __u16 *)quoted;
	struct icmphdr *icmp;
	struct iphdr *ip;
	__u64 sum = told->what + (__u64)told->mtu, header = 0;
	void *data;

	if (cut_to(ctx, front, RELAYED_LENGTH))
		return -1;
	data = data_of(ctx, front);
	if (data + RELAYED_LENGTH > data_end_of(ctx, front))
		return -1;
	ip = data + ETH_HLEN;
	icmp = data + L4_OFFSET;
	__builtin_memcpy(data + INNER_OFFSET, quoted, sizeof(*quoted));
	for (int i = 0; i < sizeof(*quoted) / 2; i++)
		sum += words[i];
	*(__be16 *)&icmp->type = told->what;
	icmp->rest = (__be32)told->mtu << 16;
	icmp->checksum = ~fold(sum);
	ip->version = 4;
	ip->ihl = 5;
	ip->tos = INTERNETWORK_CONTROL;
	ip->tot_len = bpf_htons(RELAYED_LENGTH - ETH_HLEN);
	ip->id = 0;
	ip->frag_off = 0;
	ip->ttl = 64;
	ip->protocol = IPPROTO_ICMP;
	ip->check = 0;
	ip->saddr = told->from;
	ip->daddr = told->to;
	words = (const __u16 *)ip;
	for (int i = 0; i < 10; i++)
		header += words[i];
	ip->check = ~fold(header);
	return 0;
}

static __always_inline void replace_quoted(struct quotation *quoted, __be32 source, __be16 source_port,
					   __be32 target, __be16 target_port)
{
	__u64 change = change_of(quoted->ip.saddr, source, 0, 0xffff) +
		       change_of(quoted->ip.daddr, target, 0, 0xffff);

	quoted->ip.check = updated(quoted->ip.check, change);
	quoted->ip.saddr = source;
	quoted->ip.daddr = target;
	quoted->ports.source = source_port;
	quoted->ports.target = target_port;
}

/* Bytes between our IP header and the client's; negative when there is no tunnel of ours. */
static __always_inline int quoted_tunnel(const struct iphdr *outer, const void *end)
{
	const __u16 *words = (const void *)(outer + 1);

	if (outer->protocol == IPPROTO_IPIP)
		return 0;
	if ((void *)(words + 2) > end)
		return -1;
	if (outer->protocol == IPPROTO_GRE)
		return words[0] & bpf_htons(GRE_CHECKED) ? GRE_CHECKED_LENGTH : GRE_LENGTH;
	return outer->protocol == IPPROTO_UDP ? GUE_LENGTH : -1;
}

static __always_inline struct connection *live(struct connection *connection, __u8 method)
{
	if (!connection || connection->method != method || (connection->word & CONNECTION_DEAD) ||
	    is_past(connection->expires, coarse_now()))
		return 0;
	return connection;
}

/* The connection of a tunnelled packet. A path MTU that is told is noted, and becomes what the client's
 * packets may have. */
static __always_inline struct connection *tunnelled(const struct iphdr *outer, const struct quotation *quoted,
						    struct told *told)
{
	union flow_key at = {};
	const struct destination *destination;
	struct connection *connection;
	struct tunnel *tunnel;
	__u32 mtu = bpf_ntohs(told->mtu);

	at.words[0] = *(const __u64 *)&quoted->ip.saddr;
	at.words[1] = *(const __u32 *)&quoted->ports | (__u64)(quoted->ip.protocol | IPV4 << 8) << 32;
	connection = live(find_connection(&at), METHOD_TUN);
	if (!connection)
		return 0;
	destination = destination_at(connection->destination);
	tunnel = tunnel_at(connection->destination);
	if (!destination || !tunnel || destination->family != IPV4 ||
	    destination->address.words[0] != outer->daddr)
		return 0;
	if (told->what != bpf_htons(ICMP_DEST_UNREACH << 8 | FRAGMENTATION_NEEDED))
		return connection;
	if (mtu < PATH_MTU_MIN + overhead_of(tunnel, IPV4, tunnel->checksummed))
		return 0;
	tunnel->path_mtu = mtu;
	tunnel->path_mtu_until = coarse_now() + units_of(PATH_MTU_SECONDS);
	told->mtu = bpf_htons(mtu - overhead_of(tunnel, IPV4, tunnel->checksummed));
	return connection;
}

static __always_inline struct connection *fullnat_of(struct quotation *quoted)
{
	struct borrowed_key key = {
		.real.words[0] = quoted->ip.daddr,
		.source.words[0] = quoted->ip.saddr,
		.real_port = quoted->ports.target,
		.source_port = quoted->ports.source,
		.protocol = quoted->ip.protocol,
		.family = IPV4,
	};
	const struct borrowed *found = bpf_map_lookup_elem(&borrowed, &key);
	struct connection *connection = found ? live(numbered(found->number), METHOD_FULLNAT) : 0;

	const struct translation *translation = connection ? translation_of(found->number) : 0;

	if (!translation)
		return 0;
	replace_quoted(quoted, connection->key.client, connection->key.client_port,
		       connection->key.virtual_address, connection->key.virtual_port);
	if (translation->tells == TELLS_PROXY_HEADER) {
		__u32 number = bpf_ntohl(quoted->rest);

		if (number - translation->start > sizeof(struct proxy_header))
			quoted->rest = bpf_htonl(number - sizeof(struct proxy_header));
	}
	return connection;
}

/* An ICMP packet to an address of this director that it sends to real servers with. */
static __always_inline int icmp_to_own(void *ctx, enum front front)
{
	void *data = data_of(ctx, front), *end = data_end_of(ctx, front);
	const struct iphdr *ip = data + ETH_HLEN, *outer = data + INNER_OFFSET;
	const struct icmphdr *icmp = data + L4_OFFSET;
	struct scratch *scratch = scratch_now();
	struct connection *connection;
	struct quotation *quoted;
	struct told told;
	int tunnel;

	if (!scratch || data + RELAYED_LENGTH > end || !is_icmp_error(icmp->type) || outer->ihl != 5 ||
	    outer->saddr != ip->daddr)
		return pass(front);
	told.what = *(const __be16 *)&icmp->type;
	told.mtu = icmp->rest >> 16;
	quoted = &scratch->relayed;
	__builtin_memcpy(quoted, outer, sizeof(*quoted));
	connection = fullnat_of(quoted);
	if (!connection) {
		const void *client;

		tunnel = quoted_tunnel(outer, end);
		if (tunnel < 0)
			return pass(front);
		client = (const void *)(outer + 1) + (tunnel & 15);
		if (client + sizeof(*quoted) > end)
			return pass(front);
		__builtin_memcpy(quoted, client, sizeof(*quoted));
		if (*(const __u8 *)quoted != IPV4_WITHOUT_OPTIONS)
			return pass(front);
		connection = tunnelled(outer, quoted, &told);
	}
	if (!connection)
		return pass(front);
	if (front == FRONT_XDP && connection->front != FRONT_XDP)
		return XDP_PASS;
	if (!may_refuse(coarse_now()))
		return drop(front);
	count_event(EVENT_ICMP_FORWARDED);
	told.from = connection->key.virtual_address;
	told.to = connection->key.client;
	if (write_error(ctx, front, quoted, &told))
		return drop(front);
	data = data_of(ctx, front);
	if (data + ETH_HLEN > data_end_of(ctx, front))
		return drop(front);
	address_reply(data, connection->link);
	return send(ctx, front, connection->ifindex);
}

#endif
