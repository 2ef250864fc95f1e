/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* The core, compiled once for each hook: a client's packet to its real server, a NAT reply back. */
#ifndef KEELSON_BALANCE_H
#define KEELSON_BALANCE_H

#include "admit.h"
#include "encap.h"
#include "forward.h"
#include "fullnat.h"
#include "icmp.h"
#include "outer.h"
#include "refuse.h"

static __always_inline void renew(struct connection *connection, __u8 protocol, __u32 now)
{
	__u32 expires = now + timeout_of(protocol, connection->word & CONNECTION_STATE);

	if (connection->expires != expires)
		connection->expires = expires;
}

/* What the fast path hands from step to step. */
struct packet {
	void *data;
	void *end;
	union flow_key at;
	__u32 now;
	__u8 protocol;
	__u8 tcp_flags;
	__u8 filter;
};

static __always_inline int same_link(const struct packet *packet, __u32 ifindex,
				     const struct connection *connection)
{
	const __u32 *header = packet->data;

	return connection->ifindex == ifindex && connection->link[0] == header[0] &&
	       connection->link[1] == header[1] && connection->link[2] == header[2];
}

static __always_inline void describe(struct flow *flow, const struct packet *packet, void *ctx,
				     enum front front)
{
	const __u32 *header = packet->data;

	flow->at = packet->at;
	set_address4(&flow->ends.client, packet->at.key.client);
	set_address4(&flow->ends.virtual_address, packet->at.key.virtual_address);
	flow->now = packet->now;
	flow->ifindex = ifindex_of(ctx, front);
	flow->link[0] = header[0];
	flow->link[1] = header[1];
	flow->link[2] = header[2];
	flow->verdict = VERDICT_PASS;
	flow->tcp_flags = packet->tcp_flags;
	flow->filter = packet->filter;
	flow->front = front;
	flow->zero = 0;
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

/* A destination of this very host: the packet goes up the stack. */
static __always_inline int deliver(void *ctx, enum front front, const struct packet *packet,
				   const struct connection *connection)
{
	const struct iphdr *ip = packet->data + ETH_HLEN;

	count_in(connection->destination, bpf_ntohs(ip->tot_len));
	if (connection->method == METHOD_NAT || connection->method == METHOD_FULLNAT)
		rewrite(ctx, front, packet->data, packet->end, packet->protocol, 0,
			connection->real_address, connection->real_port);
	return pass(front);
}

static __always_inline struct connection *admitted(struct scratch *scratch, int number)
{
	return number == NOT_IN_TABLE ? &scratch->connection : numbered(number);
}

static __always_inline int from_client(void *ctx, enum front front, struct packet *packet)
{
	struct connection *connection = find_connection(&packet->at);
	struct iphdr *ip = packet->data + ETH_HLEN;
	const struct destination *destination;
	const struct tunnel *tunnel = 0;
	struct translation *translation = 0;
	struct error error;
	const struct next_hop *hop;
	struct scratch *scratch;
	__u32 room;

	if (unlikely(settings.flags & SETTING_EXPIRE_NODEST) && connection &&
	    expire_without_destination(connection))
		connection = 0;
	if (unlikely(!connection || is_past(connection->expires, packet->now) ||
		     (connection->word & CONNECTION_DEAD) ||
		     (packet->protocol == IPPROTO_TCP && (packet->tcp_flags & TCP_SYN)))) {
		scratch = scratch_now();
		if (!scratch)
			return drop(front);
		describe(&scratch->flow, packet, ctx, front);
		connection = admitted(scratch, admit(&scratch->flow));
		if (!connection) {
			if (scratch->flow.verdict != VERDICT_REFUSE)
				return pass(front);
			error = port_unreachable();
			goto answer;
		}
	}
	destination = destination_at(connection->destination);
	if (unlikely(!destination))
		return drop(front);
	if (unlikely(!(destination->flags & DESTINATION_AVAILABLE) ||
		     destination->generation != connection->generation)) {
		count_event(EVENT_DESTINATION_GONE);
		return drop(front);
	}
	if (unlikely(!same_link(packet, ifindex_of(ctx, front), connection))) {
		scratch = scratch_now();
		if (!scratch)
			return drop(front);
		describe(&scratch->flow, packet, ctx, front);
		if (!relearn(&scratch->flow, connection)) {
			count_event(EVENT_NOT_FOR_US);
			return pass(front);
		}
	}
	if (packet->protocol == IPPROTO_TCP) {
		__u32 word = connection->word;
		__u32 direction = word & CONNECTION_NO_OUTPUT ? INPUT_ONLY : INPUT;

		if (unlikely(state_after(word & CONNECTION_STATE, direction, packet->tcp_flags) !=
			     (word & CONNECTION_STATE)))
			change_state(connection, INPUT, packet->tcp_flags);
	}
	renew(connection, packet->protocol, packet->now);
	if (unlikely(settings.flags & SETTING_COPYING))
		consider_copy(connection, packet->now);
	if (unlikely(destination->flags & DESTINATION_LOCAL))
		return deliver(ctx, front, packet, connection);
	hop = hop_of(destination);
	room = hop->mtu;
	if (unlikely(hop->status != HOP_READY)) {
		if (hop->status == HOP_NONE) {
			count_event(EVENT_NO_ROUTE);
			return drop(front);
		}
		/* XDP cannot wait for a MAC, nor send to every interface; the tc program behind it can. */
		if (front == FRONT_XDP)
			return XDP_PASS;
		if (hop->status == HOP_UNRESOLVED)
			count_event(EVENT_UNRESOLVED);
	}
	if (unlikely(connection->method == METHOD_FULLNAT)) {
		translation = translation_of(connection->number);
		if (!translation)
			return drop(front);
		if (front == FRONT_XDP && changes_length(packet->data, packet->end, translation, packet->tcp_flags))
			return XDP_PASS;
	}
	count_in(connection->destination, bpf_ntohs(ip->tot_len));
	if (connection->method == METHOD_TUN) {
		tunnel = tunnel_at(connection->destination);
		if (unlikely(!tunnel))
			return drop(front);
		room = tunnel_room(tunnel, hop, destination->family, packet->now);
	}
	if (unlikely(ip->ttl <= 1)) {
		error = time_exceeded();
		goto answer;
	}
	if (unlikely(bpf_ntohs(ip->tot_len) > room && !is_large(ctx, front))) {
		error = too_big(room);
		goto answer;
	}
	decrement_ttl(ip);
	if (tunnel)
		return front == FRONT_XDP ? into_tunnel_xdp(ctx, destination, hop, tunnel) :
					    into_tunnel_tc(ctx, destination, hop, tunnel);
	if (translation)
		return fullnat_request(ctx, front, destination, hop, connection, translation,
				       packet->tcp_flags);
	if (hop->status != HOP_UNRESOLVED)
		address_frame(packet->data, hop->link);
	if (connection->method == METHOD_NAT &&
	    rewrite(ctx, front, packet->data, packet->end, packet->protocol, 0,
		    connection->real_address, connection->real_port))
		return drop(front);
	if (front != FRONT_XDP && unlikely(hop->status == HOP_UNRESOLVED))
		return send_unresolved(ctx, destination, hop);
	return send(ctx, front, hop->ifindex);
answer:
	scratch = scratch_now();
	if (!scratch)
		return drop(front);
	describe(&scratch->flow, packet, ctx, front);
	return answer_apart(ctx, front, &scratch->flow, error);
}

/* Whose reply this might be: the connection's key as its client sees it. */
static __always_inline int reply_to(struct packet *packet, const struct iphdr *ip,
				    const struct ports *ports)
{
	struct endpoint_key at = {
		.address.words[0] = ip->saddr,
		.port = ports->source,
		.protocol = packet->protocol,
		.family = IPV4,
	};
	const struct real *real = bpf_map_lookup_elem(&reals, &at);
	const struct reply *reply;

	if (!real && (packet->filter & FILTER_REAL_ANY_PORT)) {
		at.port = 0;
		real = bpf_map_lookup_elem(&reals, &at);
	}
	if (!real)
		return 0;
	packet->at.key.client = ip->daddr;
	packet->at.key.client_port = ports->target;
	packet->at.key.virtual_address = real->virtual_address.words[0];
	packet->at.key.virtual_port = real->virtual_port ?: ports->source;
	packet->at.key.protocol = packet->protocol;
	packet->at.key.family = IPV4;
	if (unlikely(real->shared)) {
		struct reply_key key = {
			.client.words[0] = ip->daddr,
			.real.words[0] = ip->saddr,
			.client_port = ports->target,
			.real_port = ports->source,
			.protocol = packet->protocol,
			.family = IPV4,
		};

		reply = bpf_map_lookup_elem(&replies, &key);
		if (reply) {
			packet->at.key.virtual_address = reply->virtual_address.words[0];
			packet->at.key.virtual_port = reply->virtual_port;
		}
	}
	return 1;
}

/* A real server that speaks in a connection nobody knows hears so, where that is set. */
static __always_inline int unknown_reply(void *ctx, enum front front, const struct packet *packet)
{
	const struct iphdr *ip = packet->data + ETH_HLEN;
	struct scratch *scratch;
	struct flow *flow;

	if (likely(!(settings.flags & SETTING_NAT_ICMP)) || front == FRONT_TC_EGRESS)
		return pass(front);
	if (packet->protocol == IPPROTO_TCP && (packet->tcp_flags & TCP_RST))
		return pass(front);
	scratch = scratch_now();
	if (!scratch)
		return pass(front);
	flow = &scratch->flow;
	describe(flow, packet, ctx, front);
	if (!addressed_to_us(flow))
		return pass(front);
	flow->at.key.client = ip->saddr;
	flow->at.key.virtual_address = ip->daddr;
	return answer_apart(ctx, front, flow, port_unreachable());
}

static __always_inline int from_real(void *ctx, enum front front, struct packet *packet)
{
	struct connection *connection = find_connection(&packet->at);
	struct iphdr *ip = packet->data + ETH_HLEN;
	const struct ports *ports = packet->data + L4_OFFSET;

	if (!connection || (connection->word & CONNECTION_DEAD) ||
	    is_past(connection->expires, packet->now))
		return unknown_reply(ctx, front, packet);
	if ((connection->method != METHOD_NAT && connection->method != METHOD_FULLNAT) ||
	    connection->real_address != ip->saddr || connection->real_port != ports->source)
		return pass(front);
	if (front == FRONT_XDP && connection->front != FRONT_XDP)
		return XDP_PASS;
	if (front != FRONT_TC_EGRESS && unlikely(ip->ttl <= 1))
		return pass(front);
	if (packet->protocol == IPPROTO_TCP) {
		__u32 state = connection->word & CONNECTION_STATE;

		if (unlikely(state_after(state, OUTPUT, packet->tcp_flags) != state))
			change_state(connection, OUTPUT, packet->tcp_flags);
	} else if (unlikely(connection->prefix && !(connection->word & CONNECTION_ASSURED))) {
		assure_by_reply(connection);
	}
	renew(connection, packet->protocol, packet->now);
	count_out(connection->destination, bpf_ntohs(ip->tot_len));
	if (front != FRONT_TC_EGRESS) {
		decrement_ttl(ip);
		address_reply(packet->data, connection->link);
	}
	if (rewrite(ctx, front, packet->data, packet->end, packet->protocol, 1,
		    packet->at.key.virtual_address, packet->at.key.virtual_port))
		return drop(front);
	if (front == FRONT_TC_EGRESS)
		return pass(front);
	return send(ctx, front, connection->ifindex);
}

/* A director that hears of connections from another may be told to balance nothing itself. */
static __always_inline int stands_by(void)
{
	__u32 both = SETTING_BACKUP_ONLY | SETTING_RECEIVING;

	return (settings.flags & both) == both;
}

/* A FULLNAT real server's packet back to its client. */
static __always_inline int from_fullnat_real(void *ctx, enum front front, struct packet *packet, __u32 number)
{
	struct connection *connection = numbered(number);
	struct translation *translation = translation_of(number);
	struct iphdr *ip = packet->data + ETH_HLEN;

	if (!connection || !translation || (connection->word & CONNECTION_DEAD) ||
	    is_past(connection->expires, packet->now) || connection->method != METHOD_FULLNAT)
		return pass(front);
	if (front == FRONT_XDP && connection->front != FRONT_XDP)
		return XDP_PASS;
	if (unlikely(ip->ttl <= 1))
		return pass(front);
	if (packet->protocol == IPPROTO_TCP) {
		__u32 state = connection->word & CONNECTION_STATE;

		if (unlikely(state_after(state, OUTPUT, packet->tcp_flags) != state))
			change_state(connection, OUTPUT, packet->tcp_flags);
	} else if (unlikely(connection->prefix && !(connection->word & CONNECTION_ASSURED))) {
		assure_by_reply(connection);
	}
	renew(connection, packet->protocol, packet->now);
	count_out(connection->destination, bpf_ntohs(ip->tot_len));
	decrement_ttl(ip);
	address_reply(packet->data, connection->link);
	if (rewrite_both(ctx, front, packet->protocol, connection->key.virtual_address,
			 connection->key.virtual_port, connection->key.client, connection->key.client_port))
		return drop(front);
	if (translation->tells == TELLS_PROXY_HEADER && (packet->tcp_flags & TCP_ACK) &&
	    shift_reply(ctx, front, translation))
		return drop(front);
	return send(ctx, front, connection->ifindex);
}

/* Calls may take 512 bytes of stack together. What is rare and large has a frame of its own, so that it
 * does not stand below the deepest calls, those that admit a connection. */
static __always_inline int icmp_of(void *ctx, enum front front, int is_own, int is_inbound)
{
	if (is_own) {
		int verdict = icmp_to_own(ctx, front);

		if (verdict != pass(front))
			return verdict;
	}
	return is_inbound ? icmp_from_network(ctx, front) : pass(front);
}

static __noinline int icmp_xdp(void *ctx, int is_own, int is_inbound)
{
	return icmp_of(ctx, FRONT_XDP, is_own, is_inbound);
}

static __noinline int icmp_tc(void *ctx, int is_own, int is_inbound)
{
	return icmp_of(ctx, FRONT_TC, is_own, is_inbound);
}

/* Every packet begins here. */
static __always_inline int balance(void *ctx, enum front front)
{
	struct packet packet = {.data = data_of(ctx, front), .end = data_end_of(ctx, front)};
	const struct iphdr *ip = packet.data + ETH_HLEN;
	const struct ports *ports = packet.data + L4_OFFSET;
	int is_inbound, is_own;

	if (packet.data + UDP_END > packet.end ||
	    *(const __be16 *)(packet.data + ETH_TYPE_OFFSET) != bpf_htons(ETH_P_IP))
		return pass(front);
	packet.filter = front == FRONT_TC_EGRESS ? 0 : filter_bits(ip->daddr);
	is_inbound = packet.filter & FILTER_VIRTUAL;
	is_own = packet.filter & FILTER_OWN;
	if (!is_inbound) {
		packet.filter = filter_bits(ip->saddr);
		if (likely(!(packet.filter & FILTER_REAL) && !is_own))
			return pass(front);
	}
	if (unlikely(is_inbound && stands_by()))
		return pass(front);
	if (unlikely(*(const __u8 *)ip != IPV4_WITHOUT_OPTIONS)) {
		count_event(EVENT_IP_OPTIONS);
		return pass(front);
	}
	if (unlikely(ip->frag_off & bpf_htons(IP_FRAGMENT_BITS))) {
		count_event(EVENT_FRAGMENT);
		return pass(front);
	}
	packet.protocol = ip->protocol;
	if (packet.protocol == IPPROTO_TCP) {
		if (unlikely(packet.data + TCP_END > packet.end))
			return pass(front);
		packet.tcp_flags = *((__u8 *)packet.data + TCP_FLAGS_OFFSET);
	} else if (packet.protocol == IPPROTO_ICMP) {
		if (front == FRONT_TC_EGRESS)
			return pass(front);
		return front == FRONT_XDP ? icmp_xdp(ctx, is_own, is_inbound) :
					    icmp_tc(ctx, is_own, is_inbound);
	} else if (packet.protocol != IPPROTO_UDP) {
		return pass(front);
	}
	packet.now = coarse_now();
	if (is_own) {
		__u32 number = answered_by(ip, ports);

		if (number)
			return from_fullnat_real(ctx, front, &packet, number);
		if (!is_inbound && !(packet.filter & FILTER_REAL))
			return pass(front);
	}
	if (is_inbound) {
		packet.at.words[0] = *(const __u64 *)&ip->saddr;
		packet.at.words[1] = *(const __u32 *)ports | (__u64)(packet.protocol | IPV4 << 8) << 32;
		return from_client(ctx, front, &packet);
	}
	if (!reply_to(&packet, ip, ports))
		return pass(front);
	return from_real(ctx, front, &packet);
}

#endif
