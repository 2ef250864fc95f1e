/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* Every form of packet but the one that the fast path knows: IPv6, SCTP, IPv4 with options, pieces, ICMP
 * errors. The same steps as in balance.h, by descriptions instead of registers. */
#ifndef KEELSON_REST_H
#define KEELSON_REST_H

#include "rest-errors.h"
#include "rest-replies.h"

static __always_inline int rest_to_real(void *ctx, enum front front, struct scratch *scratch,
					struct connection *connection)
{
	const struct seen *seen = &scratch->seen;
	const struct destination *destination = destination_at(connection->destination);
	struct translation *translation = 0;
	const struct tunnel *tunnel = 0;
	const struct next_hop *hop;
	int is_local;
	__u32 room;

	if (!destination)
		return drop(front);
	is_local = destination->flags & DESTINATION_LOCAL;
	hop = hop_of(destination);
	if (!is_local) {
		if (hop->status == HOP_NONE) {
			count_event(EVENT_NO_ROUTE);
			return drop(front);
		}
		if (front == FRONT_XDP && hop->status != HOP_READY)
			return XDP_PASS;
	}
	if (connection->method == METHOD_FULLNAT && !is_local) {
		void *data = data_of(ctx, front), *end = data_end_of(ctx, front);

		/* What it replaces stands at the places of a plain packet. */
		translation = translation_of(connection->number);
		if (!translation || seen->family != IPV4 || seen->transport != L4_OFFSET || seen->piece ||
		    seen->protocol == PROTOCOL_SCTP)
			return drop(front);
		if (front == FRONT_XDP && changes_length(data, end, translation, seen->event))
			return XDP_PASS;
	}
	count_in(connection->destination, seen->end - ETH_HLEN);
	if (!is_local) {
		room = hop->mtu;
		if (connection->method == METHOD_TUN) {
			tunnel = tunnel_at(connection->destination);
			if (!tunnel)
				return drop(front);
			room = tunnel_room(tunnel, hop, destination->family, scratch->flow.now);
		}
		if (ttl_of(ctx, front, seen->family) <= 1) {
			scratch->error = time_exceeded();
			return tell_client(ctx, front, scratch, &scratch->error);
		}
		if (seen->end - ETH_HLEN > room && !is_large(ctx, front)) {
			scratch->error = too_big(room);
			return tell_client(ctx, front, scratch, &scratch->error);
		}
		lower_ttl(ctx, front, seen->family);
		if (tunnel)
			return into_tunnel_any(ctx, front, destination, hop, tunnel, seen);
		if (translation)
			return fullnat_request(ctx, front, destination, hop, connection, translation,
					       seen->event);
	}
	real_address_of(&scratch->real, connection, destination);
	if ((connection->method == METHOD_NAT || connection->method == METHOD_FULLNAT) &&
	    rewrite_any(ctx, front, seen, 0, &scratch->real, connection->real_port))
		return drop(front);
	if (is_local)
		return pass(front);
	return send_to(ctx, front, destination, hop);
}

static __always_inline int rest_from_client(void *ctx, enum front front, struct scratch *scratch)
{
	struct flow *flow = &scratch->flow;
	const struct seen *seen = &scratch->seen;
	struct connection *connection = find_flow(&flow->at, &flow->ends);
	__u32 number = connection ? connection->number : 0;
	const struct destination *destination;

	if ((settings.flags & SETTING_EXPIRE_NODEST) && connection &&
	    expire_without_destination(connection))
		connection = 0;
	if (!is_alive(connection, flow->now) || begins(seen->protocol, seen->event)) {
		/* Its first went to the kernel, too. */
		if (seen->piece == PIECE_LATER)
			return pass(front);
		number = admit(flow);
		connection = admitted(scratch, number);
		if (!connection)
			return flow->verdict == VERDICT_REFUSE ? refuse_rest(scratch) : pass(front);
	}
	destination = destination_at(connection->destination);
	if (!destination)
		return drop(front);
	if (!(destination->flags & DESTINATION_AVAILABLE) ||
	    destination->generation != connection->generation) {
		count_event(EVENT_DESTINATION_GONE);
		return drop(front);
	}
	if (!is_same_link(flow, connection) && !relearn(flow, connection)) {
		count_event(EVENT_NOT_FOR_US);
		return pass(front);
	}
	see_state(connection, seen, INPUT);
	renew(connection, seen->protocol, flow->now);
	if (settings.flags & SETTING_COPYING)
		consider_copy(connection, flow->now);
	if (seen->piece == PIECE_FIRST)
		remember_piece(seen, flow->now);
	return go_on_with(scratch, number, 0);
}

/* The ports of a packet or piece. Not 0: it is the kernel's. */
static __always_inline int settle_pieces(void *ctx, enum front front, struct scratch *scratch)
{
	struct seen *seen = &scratch->seen;

	if (seen->piece == PIECE_LATER) {
		if (!recall_piece(seen, scratch->flow.now)) {
			count_event(EVENT_FRAGMENT);
			return -1;
		}
		return 0;
	}
	return look_at_transport(ctx, front, seen);
}

static __always_inline int balance_rest(void *ctx, enum front front)
{
	struct scratch *scratch = scratch_now();
	int is_inbound, is_icmp;
	struct flow *flow;
	struct seen *seen;
	__be16 type;

	if (!scratch)
		return pass(front);
	flow = &scratch->flow;
	seen = &scratch->seen;
	if (load(ctx, front, 0, flow->link, sizeof(flow->link)) ||
	    load(ctx, front, ETH_TYPE_OFFSET, &type, sizeof(type)) ||
	    look(ctx, front, ETH_HLEN, type == bpf_htons(ETH_P_IPV6) ? IPV6 : IPV4, seen) ||
	    seen->end > whole_length(ctx, front) || seen->transport > seen->end) {
		count_event(EVENT_ODD_FORM);
		return pass(front);
	}
	flow->now = coarse_now();
	flow->ifindex = ifindex_of(ctx, front);
	flow->front = front;
	flow->verdict = VERDICT_PASS;
	flow->zero = 0;
	flow->filter = front == FRONT_TC_EGRESS ? 0 : filter_of(&seen->target, seen->family);
	is_inbound = flow->filter & FILTER_VIRTUAL;
	is_icmp = seen->protocol == (seen->family == IPV6 ? PROTOCOL_ICMP6 : IPPROTO_ICMP);
	if (!is_inbound)
		flow->filter = filter_of(&seen->source, seen->family);
	if (is_inbound && stands_by())
		return pass(front);
	if (is_icmp)
		return rest_of_icmp(ctx, front, scratch, is_inbound);
	if (!is_inbound && !(flow->filter & FILTER_REAL))
		return pass(front);
	if (!has_ports(seen->protocol) || settle_pieces(ctx, front, scratch))
		return pass(front);
	if (pull(ctx, front, seen->transport + TRANSPORT_READ))
		return pass(front);
	flow->tcp_flags = seen->event;
	if (!is_inbound)
		return rest_from_real(ctx, front, scratch);
	flow->ends.client = seen->source;
	flow->ends.virtual_address = seen->target;
	key_of(&flow->at, &flow->ends, seen->ports.source | (__u32)seen->ports.target << 16, seen->protocol,
	       seen->family);
	return rest_from_client(ctx, front, scratch);
}

/* The last part of the way to a real server, after balance_rest() has said FORWARD. */
static __always_inline int forward_rest(void *ctx, enum front front)
{
	struct scratch *scratch = scratch_now();
	struct connection *connection;

	if (!scratch)
		return drop(front);
	if (scratch->error.what)
		return tell_client(ctx, front, scratch, &scratch->error);
	connection = admitted(scratch, scratch->number);
	if (!connection)
		return drop(front);
	return scratch->is_error ? error_to_real(ctx, front, scratch, connection) :
				   rest_to_real(ctx, front, scratch, connection);
}

#endif
