/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* An ICMP error about a packet that a virtual address sent belongs to the real server that sent it: path
 * MTU discovery depends on it. Echo requests are the kernel's to answer. */
#ifndef KEELSON_ICMP_H
#define KEELSON_ICMP_H

#include "encap.h"
#include "forward.h"

#define ICMP_DEST_UNREACH 3
#define ICMP_SOURCE_QUENCH 4
#define ICMP_TIME_EXCEEDED 11

struct icmphdr {
	__u8 type;
	__u8 code;
	__u16 checksum;
	__be32 rest;
};

#define INNER_OFFSET (L4_OFFSET + sizeof(struct icmphdr))
#define INNER_END (INNER_OFFSET + sizeof(struct iphdr) + 8)

static __always_inline int is_icmp_error(__u8 type)
{
	return type == ICMP_DEST_UNREACH || type == ICMP_SOURCE_QUENCH || type == ICMP_TIME_EXCEEDED;
}

/* The quoted packet went from the virtual address to the client: the connection's key, reversed. */
static __always_inline struct connection *quoted(const struct iphdr *inner, __u32 now)
{
	const struct ports *ports = (const void *)(inner + 1);
	union flow_key at = {};
	struct connection *connection;

	at.key.client = inner->daddr;
	at.key.virtual_address = inner->saddr;
	at.key.client_port = ports->target;
	at.key.virtual_port = ports->source;
	at.key.protocol = inner->protocol;
	at.key.family = IPV4;
	connection = find_connection(&at);
	if (!connection || (connection->word & CONNECTION_DEAD) || is_past(connection->expires, now))
		return 0;
	return connection;
}

/* NAT: the quoted packet and the outer one get the real server's address. What the changes of the
 * quotation do to the ICMP checksum cancels out for its addresses, since its own IP checksum is in it. */
static __always_inline void rewrite_quotation(struct iphdr *ip, struct icmphdr *icmp, struct iphdr *inner,
					      const struct connection *connection)
{
	struct ports *ports = (void *)(inner + 1);
	__be32 address = connection->real_address;
	__be32 old_address = inner->saddr;
	__be16 old_port = ports->source;
	__u16 old_check = inner->check;

	inner->check = updated(old_check, change_of(old_address, address, 0, 0xffff));
	inner->saddr = address;
	ports->source = connection->real_port;
	icmp->checksum = updated(icmp->checksum,
				 change_of(old_address, address, old_port, connection->real_port) +
					 (__u16)~old_check + inner->check);
	ip->check = updated(ip->check, change_of(ip->daddr, address, 0, 0xffff));
	ip->daddr = address;
}

static __always_inline int icmp_from_network(void *ctx, enum front front)
{
	void *data = data_of(ctx, front), *end = data_end_of(ctx, front);
	struct iphdr *ip = data + ETH_HLEN;
	struct icmphdr *icmp = data + L4_OFFSET;
	struct iphdr *inner = data + INNER_OFFSET;
	const struct destination *destination;
	struct connection *connection;
	const struct next_hop *hop;

	if (data + INNER_END > end || !is_icmp_error(icmp->type) || inner->ihl != 5)
		return pass(front);
	if (inner->saddr != ip->daddr)
		return pass(front);
	connection = quoted(inner, coarse_now());
	if (!connection)
		return pass(front);
	destination = destination_at(connection->destination);
	if (!destination || destination->generation != connection->generation ||
	    (destination->flags & DESTINATION_LOCAL))
		return pass(front);
	hop = hop_of(destination);
	if (front == FRONT_XDP && hop->status == HOP_READY_FOR_TC)
		return XDP_PASS;
	if ((hop->status != HOP_READY && hop->status != HOP_READY_FOR_TC) || ip->ttl <= 1)
		return drop(front);
	count_event(EVENT_ICMP_FORWARDED);
	count_in(connection->destination, bpf_ntohs(ip->tot_len));
	decrement_ttl(ip);
	if (connection->method == METHOD_TUN)
		return into_tunnel(ctx, front, destination, hop, tunnel_at(connection->destination));
	address_frame(data, hop->link);
	if (connection->method == METHOD_NAT)
		rewrite_quotation(ip, icmp, inner, connection);
	return send(ctx, front, hop->ifindex);
}

#endif
