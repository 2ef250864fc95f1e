/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* ICMP errors about connections, to the client or to the real server that they concern. */
#ifndef KEELSON_REST_ERRORS_H
#define KEELSON_REST_ERRORS_H

#include "rest-replies.h"

#define QUOTED_TRANSPORT 8 /* bytes that every error quotes behind the IP header */

/* An error about what a virtual address sent belongs to the real server that sent it. */
static __always_inline int error_from_network(void *ctx, enum front front, struct scratch *scratch)
{
	struct flow *flow = &scratch->flow;
	const struct seen *quoted = &scratch->quoted;
	const struct destination *destination;
	struct connection *connection;

	if (!same_address(&quoted->source, &scratch->seen.target))
		return pass(front);
	flow->ends.client = quoted->target;
	flow->ends.virtual_address = quoted->source;
	key_of(&flow->at, &flow->ends, quoted->ports.target | (__u32)quoted->ports.source << 16,
	       quoted->protocol, quoted->family);
	connection = find_flow(&flow->at, &flow->ends);
	if (!is_alive(connection, flow->now) || connection->method == METHOD_FULLNAT)
		return pass(front);
	destination = destination_at(connection->destination);
	if (!destination || destination->generation != connection->generation ||
	    ((destination->flags & DESTINATION_LOCAL) && connection->method != METHOD_NAT))
		return pass(front);
	return go_on_with(scratch, connection->number, 1);
}

/* An error about a client's packet on its way to a NAT real server is told as of the virtual address. */
static __always_inline int error_to_client(void *ctx, enum front front, struct scratch *scratch)
{
	struct flow *flow = &scratch->flow;
	const struct seen *seen = &scratch->seen, *quoted = &scratch->quoted;
	struct connection *connection;

	if (!same_address(&quoted->source, &seen->target) ||
	    !(filter_of(&quoted->target, quoted->family) & FILTER_REAL) ||
	    !rest_reply_to(flow, quoted, 1))
		return pass(front);
	connection = replied_by(scratch, &quoted->target, quoted->ports.target);
	if (!connection)
		return pass(front);
	if (front == FRONT_XDP && connection->front != FRONT_XDP)
		return XDP_PASS;
	if (front != FRONT_TC_EGRESS && lower_ttl(ctx, front, seen->family))
		return pass(front);
	count_event(EVENT_ICMP_FORWARDED);
	count_out(connection->destination, seen->end - ETH_HLEN);
	if (rewrite_error(ctx, front, seen, quoted, 1, &flow->ends.virtual_address,
			  flow->at.key.virtual_port))
		return drop(front);
	return send_back(ctx, front, connection);
}

static __always_inline int rest_of_icmp(void *ctx, enum front front, struct scratch *scratch, int is_inbound)
{
	struct seen *seen = &scratch->seen, *quoted = &scratch->quoted;
	__u32 at = (seen->transport & TRANSPORT_MAX) + sizeof(struct icmphdr);
	__u8 type;

	if (seen->piece || load(ctx, front, seen->transport, &type, sizeof(type)) ||
	    !(seen->family == IPV6 ? type < ICMP6_INFORMATION : is_icmp_error(type)))
		return pass(front);
	if (look(ctx, front, at, seen->family, quoted) || !has_ports(quoted->protocol) ||
	    quoted->piece == PIECE_LATER || quoted->transport + QUOTED_TRANSPORT > seen->end ||
	    load(ctx, front, quoted->transport, &quoted->ports, sizeof(quoted->ports)))
		return pass(front);
	if (pull(ctx, front, quoted->transport + sizeof(struct ports)))
		return pass(front);
	return is_inbound ? error_from_network(ctx, front, scratch) : error_to_client(ctx, front, scratch);
}

static __always_inline int error_to_real(void *ctx, enum front front, struct scratch *scratch,
					 const struct connection *connection)
{
	const struct seen *seen = &scratch->seen, *quoted = &scratch->quoted;
	const struct destination *destination = destination_at(connection->destination);
	const struct next_hop *hop;
	int is_local;

	if (!destination)
		return drop(front);
	is_local = destination->flags & DESTINATION_LOCAL;
	hop = hop_of(destination);
	if (!is_local) {
		if (hop->status == HOP_NONE)
			return drop(front);
		if (front == FRONT_XDP && hop->status != HOP_READY)
			return XDP_PASS;
		if (lower_ttl(ctx, front, seen->family))
			return drop(front);
	}
	count_event(EVENT_ICMP_FORWARDED);
	count_in(connection->destination, seen->end - ETH_HLEN);
	if (connection->method == METHOD_TUN) {
		const struct tunnel *tunnel = tunnel_at(connection->destination);

		return tunnel ? into_tunnel_any(ctx, front, destination, hop, tunnel, seen) : drop(front);
	}
	real_address_of(&scratch->real, connection, destination);
	if (connection->method == METHOD_NAT &&
	    rewrite_error(ctx, front, seen, quoted, 0, &scratch->real, connection->real_port))
		return drop(front);
	return is_local ? pass(front) : send_to(ctx, front, destination, hop);
}

#endif
