/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* Replies of NAT real servers, in any form, on their way to the client. */
#ifndef KEELSON_REST_REPLIES_H
#define KEELSON_REST_REPLIES_H

#include "rest-common.h"

/* Whose reply a packet from a real server might be: its connection as the client sees it. A quoted packet
 * is the client's, on its way to the real server. */
static __noinline int rest_reply_to(struct flow *flow, const struct seen *seen, int is_quoted)
{
	const struct address *client = is_quoted ? &seen->source : &seen->target;
	const struct address *real_address = is_quoted ? &seen->target : &seen->source;
	__be16 client_port = is_quoted ? seen->ports.source : seen->ports.target;
	__be16 real_port = is_quoted ? seen->ports.target : seen->ports.source;
	struct endpoint_key at = {
		.address = *real_address,
		.port = real_port,
		.protocol = seen->protocol,
		.family = seen->family,
	};
	const struct real *real = bpf_map_lookup_elem(&reals, &at);
	__be16 virtual_port;

	if (!real) {
		at.port = 0;
		real = bpf_map_lookup_elem(&reals, &at);
	}
	if (!real)
		return 0;
	virtual_port = real->virtual_port ?: real_port;
	flow->ends.client = *client;
	flow->ends.virtual_address = real->virtual_address;
	if (real->shared) {
		struct reply_key key = {
			.client = *client,
			.real = *real_address,
			.client_port = client_port,
			.real_port = real_port,
			.protocol = seen->protocol,
			.family = seen->family,
		};
		const struct reply *reply = bpf_map_lookup_elem(&replies, &key);

		if (reply) {
			flow->ends.virtual_address = reply->virtual_address;
			virtual_port = reply->virtual_port;
		}
	}
	key_of(&flow->at, &flow->ends, client_port | (__u32)virtual_port << 16, seen->protocol, seen->family);
	return 1;
}

/* The NAT connection that `flow` names, if its real server is that one. */
static __always_inline struct connection *replied_by(struct scratch *scratch, const struct address *real_address,
						     __be16 real_port)
{
	const struct flow *flow = &scratch->flow;
	struct connection *connection = find_flow(&flow->at, &flow->ends);
	const struct destination *destination;

	if (!is_alive(connection, flow->now) ||
	    (connection->method != METHOD_NAT && connection->method != METHOD_FULLNAT) ||
	    connection->real_port != real_port)
		return 0;
	destination = destination_at(connection->destination);
	if (!destination || destination->generation != connection->generation)
		return 0;
	real_address_of(&scratch->real, connection, destination);
	return same_address(&scratch->real, real_address) ? connection : 0;
}

/* Out to a client, by the way on which it came. */
static __always_inline int send_back(void *ctx, enum front front, const struct connection *connection)
{
	void *data = data_of(ctx, front);

	if (front == FRONT_TC_EGRESS)
		return pass(front);
	if (data + ETH_HLEN > data_end_of(ctx, front))
		return drop(front);
	address_reply(data, connection->link);
	return send(ctx, front, connection->ifindex);
}

/* A real server that speaks in a connection nobody knows hears so, where that is set. */
static __always_inline int unknown_reply(void *ctx, enum front front, struct scratch *scratch)
{
	struct flow *flow = &scratch->flow;
	const struct seen *seen = &scratch->seen;

	if (!(settings.flags & SETTING_NAT_ICMP) || front == FRONT_TC_EGRESS || seen->piece == PIECE_LATER)
		return pass(front);
	if (seen->protocol == IPPROTO_TCP && (seen->event & TCP_RST))
		return pass(front);
	if (seen->protocol == PROTOCOL_SCTP && seen->event == SCTP_ON_ABORT)
		return pass(front);
	if (!addressed_to_us(flow))
		return pass(front);
	flow->ends.client = seen->source;
	flow->ends.virtual_address = seen->target;
	key_of(&flow->at, &flow->ends, seen->ports.source | (__u32)seen->ports.target << 16, seen->protocol,
	       seen->family);
	return refuse_rest(scratch);
}

static __always_inline int rest_from_real(void *ctx, enum front front, struct scratch *scratch)
{
	struct flow *flow = &scratch->flow;
	const struct seen *seen = &scratch->seen;
	struct connection *connection;

	if (!rest_reply_to(flow, seen, 0))
		return pass(front);
	connection = replied_by(scratch, &seen->source, seen->ports.source);
	if (!connection)
		return is_alive(find_flow(&flow->at, &flow->ends), flow->now) ?
			       pass(front) :
			       unknown_reply(ctx, front, scratch);
	if (front == FRONT_XDP && connection->front != FRONT_XDP)
		return XDP_PASS;
	if (front != FRONT_TC_EGRESS && lower_ttl(ctx, front, seen->family))
		return pass(front);
	if (seen->piece == PIECE_FIRST)
		remember_piece(seen, flow->now);
	see_state(connection, seen, OUTPUT);
	renew(connection, seen->protocol, flow->now);
	count_out(connection->destination, seen->end - ETH_HLEN);
	if (rewrite_any(ctx, front, seen, 1, &flow->ends.virtual_address, flow->at.key.virtual_port))
		return drop(front);
	return send_back(ctx, front, connection);
}

#endif
