/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* Every form of packet but the one that the fast path knows: IPv6, SCTP, IPv4 with options, pieces, ICMP
 * errors. The same steps as in balance.h, by descriptions instead of registers. */
#ifndef KEELSON_REST_H
#define KEELSON_REST_H

#include "admit.h"
#include "encap.h"
#include "forward.h"
#include "fullnat.h"
#include "pieces.h"
#include "refuse.h"
#include "rewrite.h"

#define TRANSPORT_READ 20

/* A verdict: forward_rest() has the last word. */
#define FORWARD 0x7e58

static __always_inline void renew(struct connection *connection, __u8 protocol, __u32 now)
{
	__u32 expires = now + timeout_of(protocol, connection->word & CONNECTION_STATE);

	if (connection->expires != expires)
		connection->expires = expires;
}

/* Where the client's packets come from now; only frames addressed to this host are believed. */
static __noinline int relearn(const struct flow *flow, struct connection *connection)
{
	if (!addressed_to_us(flow))
		return 0;
	connection->ifindex = flow->ifindex;
	connection->front = flow->front;
	connection->link[0] = flow->link[0];
	connection->link[1] = flow->link[1];
	connection->link[2] = flow->link[2];
	return 1;
}

static __always_inline struct connection *admitted(struct scratch *scratch, int number)
{
	return number == NOT_IN_TABLE ? &scratch->connection : numbered(number);
}

/* A director that hears of connections from another may be told to balance nothing itself. */
static __always_inline int stands_by(void)
{
	__u32 both = SETTING_BACKUP_ONLY | SETTING_RECEIVING;

	return (settings.flags & both) == both;
}

static __always_inline __u8 filter_of(const struct address *address, __u8 family)
{
	__u32 slot = family == IPV6 ? filter_slot6(address) : filter_slot(address->words[0]);

	return filter.slots[slot & (FILTER_SLOTS - 1)];
}

/* Makes what is written to contiguous memory of one's own: tc packets may be in parts. */
static __always_inline int pull(void *ctx, enum front front, __u32 length)
{
	if (front == FRONT_XDP)
		return 0;
	if (length > ((struct __sk_buff *)ctx)->len)
		length = ((struct __sk_buff *)ctx)->len;
	return bpf_skb_pull_data(ctx, length);
}

static __always_inline int is_alive(const struct connection *connection, __u32 now)
{
	return connection && !(connection->word & CONNECTION_DEAD) && !is_past(connection->expires, now);
}

static __always_inline int is_same_link(const struct flow *flow, const struct connection *connection)
{
	return connection->ifindex == flow->ifindex && connection->link[0] == flow->link[0] &&
	       connection->link[1] == flow->link[1] && connection->link[2] == flow->link[2];
}

static __always_inline void see_state(struct connection *connection, const struct seen *seen,
				      __u32 direction)
{
	if (seen->piece != PIECE_LATER && has_states(seen->protocol))
		change_state(connection, direction, seen->event);
	if (seen->protocol == IPPROTO_UDP && direction == OUTPUT && connection->prefix &&
	    !(connection->word & CONNECTION_ASSURED))
		assure_by_reply(connection);
}

/* The address at which its real server has a connection. */
static __always_inline void real_address_of(struct address *to, const struct connection *connection,
					    const struct destination *destination)
{
	if (connection->key.family == IPV4)
		set_address4(to, connection->real_address);
	else
		*to = destination->address;
}

/* Tells whoever sent a packet what became of it, where it has a form that can be turned into an answer. */
static __always_inline int tell_client(void *ctx, enum front front, const struct scratch *scratch,
				       const struct error *error)
{
	const struct seen *seen = &scratch->seen;

	if (seen->family != IPV4 || seen->transport != L4_OFFSET || seen->piece ||
	    seen->protocol == PROTOCOL_SCTP)
		return drop(front);
	return answer_error(ctx, front, &scratch->flow, error);
}

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

/* What is left to do: the connection has that number, and the packet is an ICMP error about it or its own. */
static __always_inline int go_on_with(struct scratch *scratch, __u32 number, __u32 is_error)
{
	scratch->number = number;
	scratch->is_error = is_error;
	scratch->error.what = 0;
	return FORWARD;
}

static __always_inline int refuse_rest(struct scratch *scratch)
{
	scratch->error = port_unreachable();
	return FORWARD;
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
		if (seen->piece == PIECE_LATER)
			return drop(front);
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
	return go_on_with(scratch, number, 0);
}

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
	see_state(connection, seen, OUTPUT);
	renew(connection, seen->protocol, flow->now);
	count_out(connection->destination, seen->end - ETH_HLEN);
	if (rewrite_any(ctx, front, seen, 1, &flow->ends.virtual_address, flow->at.key.virtual_port))
		return drop(front);
	return send_back(ctx, front, connection);
}

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
	    quoted->piece == PIECE_LATER ||
	    load(ctx, front, quoted->transport, &quoted->ports, sizeof(quoted->ports)))
		return pass(front);
	if (pull(ctx, front, quoted->transport + sizeof(struct ports)))
		return pass(front);
	return is_inbound ? error_from_network(ctx, front, scratch) : error_to_client(ctx, front, scratch);
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
	if (look_at_transport(ctx, front, seen))
		return -1;
	if (seen->piece == PIECE_FIRST)
		remember_piece(seen, scratch->flow.now);
	return 0;
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
	    look(ctx, front, ETH_HLEN, type == bpf_htons(ETH_P_IPV6) ? IPV6 : IPV4, seen)) {
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
