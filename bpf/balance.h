/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* The core, compiled once for each hook: a client's packet to its real server, a NAT reply back. The fast
 * path knows one thing: a packet of an established IPv4 connection of TCP or UDP. Whatever is otherwise,
 * by so much as one bit, begins anew in rest.h, so nothing may be changed before that is sure. */
#ifndef KEELSON_BALANCE_H
#define KEELSON_BALANCE_H

#include "admit.h"
#include "encap.h"
#include "forward.h"
#include "fullnat.h"
#include "icmp.h"
#include "outer.h"
#include "refuse.h"
#include "rest.h"

/* A verdict of the fast path: it is not its packet. */
#define REST 0x7e57

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

/* A piece may carry a single byte. */
static __always_inline int short_packet(void *ctx, enum front front)
{
	return data_of(ctx, front) + L4_OFFSET <= data_end_of(ctx, front) ? REST : pass(front);
}

static __always_inline int same_link(const struct packet *packet, __u32 ifindex,
				     const struct connection *connection)
{
	const __u32 *header = packet->data;

	return connection->ifindex == ifindex && connection->link[0] == header[0] &&
	       connection->link[1] == header[1] && connection->link[2] == header[2];
}

static __always_inline void step_tcp(struct connection *connection, const struct packet *packet,
				     __u32 direction)
{
	__u32 state = connection->word & CONNECTION_STATE;

	if (packet->protocol != IPPROTO_TCP) {
		if (direction == OUTPUT &&
		    unlikely(connection->prefix && !(connection->word & CONNECTION_ASSURED)))
			assure_by_reply(connection);
		return;
	}
	if (direction == INPUT && (connection->word & CONNECTION_NO_OUTPUT))
		direction = INPUT_ONLY;
	if (unlikely(state_after(state, direction, packet->tcp_flags) != state))
		change_state(connection, direction, packet->tcp_flags);
}

/* Whether a hook can send by a next hop at once. */
static __always_inline int sends_at_once(enum front front, const struct next_hop *hop)
{
	return hop->status == HOP_READY || (front != FRONT_XDP && hop->status == HOP_READY_FOR_TC);
}

/* A packet of a known connection, on its way as the one before it. */
static __always_inline int from_client(void *ctx, enum front front, struct packet *packet)
{
	struct connection *connection = find_connection(&packet->at);
	struct iphdr *ip = packet->data + ETH_HLEN;
	const struct destination *destination;
	struct translation *translation = 0;
	const struct tunnel *tunnel = 0;
	const struct next_hop *hop;
	__u32 room;

	if (unlikely(!connection || is_past(connection->expires, packet->now) ||
		     (connection->word & CONNECTION_DEAD) ||
		     (packet->protocol == IPPROTO_TCP && (packet->tcp_flags & TCP_SYN)) ||
		     !same_link(packet, ifindex_of(ctx, front), connection)))
		return REST;
	destination = destination_at(connection->destination);
	if (unlikely(!destination || destination->generation != connection->generation ||
		     (destination->flags & (DESTINATION_AVAILABLE | DESTINATION_LOCAL)) !=
			     DESTINATION_AVAILABLE))
		return REST;
	hop = hop_of(destination);
	room = hop->mtu;
	if (connection->method == METHOD_TUN) {
		tunnel = tunnel_at(connection->destination);
		if (unlikely(!tunnel))
			return REST;
		room = tunnel_room(tunnel, hop, destination->family, packet->now);
	}
	if (unlikely(ip->ttl <= 1 || !sends_at_once(front, hop) ||
		     (bpf_ntohs(ip->tot_len) > room && !is_large(ctx, front))))
		return REST;
	if (unlikely(connection->method == METHOD_FULLNAT)) {
		translation = translation_of(connection->number);
		if (!translation || (front == FRONT_XDP && changes_length(packet->data, packet->end,
									  translation, packet->tcp_flags)))
			return REST;
	}
	step_tcp(connection, packet, INPUT);
	renew(connection, packet->protocol, packet->now);
	if (unlikely(settings.flags & SETTING_COPYING))
		consider_copy(connection, packet->now);
	count_in(connection->destination, bpf_ntohs(ip->tot_len));
	decrement_ttl(ip);
	if (tunnel)
		return front == FRONT_XDP ? into_tunnel_xdp(ctx, destination, hop, tunnel) :
					    into_tunnel_tc(ctx, destination, hop, tunnel);
	if (translation)
		return fullnat_request(ctx, front, destination, hop, connection, translation,
				       packet->tcp_flags);
	address_frame(packet->data, hop->link);
	if (connection->method == METHOD_NAT &&
	    rewrite(ctx, front, packet->data, packet->end, packet->protocol, 0,
		    connection->real_address, connection->real_port))
		return drop(front);
	return send(ctx, front, hop->ifindex);
}

/* A NAT real server's packet: the connection's key as its client sees it. */
static __always_inline int from_real(void *ctx, enum front front, struct packet *packet)
{
	struct iphdr *ip = packet->data + ETH_HLEN;
	const struct ports *ports = packet->data + L4_OFFSET;
	struct endpoint_key at = {
		.address.words[0] = ip->saddr,
		.port = ports->source,
		.protocol = packet->protocol,
		.family = IPV4,
	};
	const struct real *real = bpf_map_lookup_elem(&reals, &at);
	struct connection *connection;

	if (!real && (packet->filter & FILTER_REAL_ANY_PORT)) {
		at.port = 0;
		real = bpf_map_lookup_elem(&reals, &at);
	}
	if (!real)
		return pass(front);
	if (unlikely(real->shared))
		return REST;
	packet->at.key.client = ip->daddr;
	packet->at.key.client_port = ports->target;
	packet->at.key.virtual_address = real->virtual_address.words[0];
	packet->at.key.virtual_port = real->virtual_port ?: ports->source;
	packet->at.key.protocol = packet->protocol;
	packet->at.key.family = IPV4;
	connection = find_connection(&packet->at);
	if (unlikely(!connection || (connection->word & CONNECTION_DEAD) ||
		     is_past(connection->expires, packet->now) ||
		     (connection->method != METHOD_NAT && connection->method != METHOD_FULLNAT) ||
		     connection->real_address != ip->saddr || connection->real_port != ports->source))
		return REST;
	if (front == FRONT_XDP && connection->front != FRONT_XDP)
		return XDP_PASS;
	if (front != FRONT_TC_EGRESS && unlikely(ip->ttl <= 1))
		return pass(front);
	step_tcp(connection, packet, OUTPUT);
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
	step_tcp(connection, packet, OUTPUT);
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

/* Where every packet begins. */
static __always_inline int balance(void *ctx, enum front front)
{
	struct packet packet = {.data = data_of(ctx, front), .end = data_end_of(ctx, front)};
	const struct iphdr *ip = packet.data + ETH_HLEN;
	const struct ports *ports = packet.data + L4_OFFSET;
	int is_inbound, is_own;

	if (packet.data + UDP_END > packet.end)
		return short_packet(ctx, front);
	if (*(const __be16 *)(packet.data + ETH_TYPE_OFFSET) != bpf_htons(ETH_P_IP))
		return *(const __be16 *)(packet.data + ETH_TYPE_OFFSET) == bpf_htons(ETH_P_IPV6) ?
			       REST :
			       pass(front);
	packet.filter = front == FRONT_TC_EGRESS ? 0 : filter_bits(ip->daddr);
	is_inbound = packet.filter & FILTER_VIRTUAL;
	is_own = packet.filter & FILTER_OWN;
	if (!is_inbound) {
		packet.filter = filter_bits(ip->saddr);
		if (likely(!(packet.filter & FILTER_REAL) && !is_own))
			return ip->protocol == IPPROTO_ICMP ? REST : pass(front);
	}
	if (unlikely(is_inbound && stands_by()))
		return pass(front);
	if (unlikely(*(const __u8 *)ip != IPV4_WITHOUT_OPTIONS ||
		     (ip->frag_off & bpf_htons(IP_FRAGMENT_BITS))))
		return REST;
	packet.protocol = ip->protocol;
	if (packet.protocol == IPPROTO_TCP) {
		if (unlikely(packet.data + TCP_END > packet.end))
			return pass(front);
		if (unlikely(!is_whole(ctx, front, ip, SHORTEST_TCP)))
			return REST;
		packet.tcp_flags = *((__u8 *)packet.data + TCP_FLAGS_OFFSET);
	} else if (unlikely(!is_whole(ctx, front, ip, SHORTEST_PACKET))) {
		return REST;
	} else if (packet.protocol == IPPROTO_ICMP && is_own) {
		int verdict = icmp_to_own(ctx, front);

		return verdict == pass(front) ? REST : verdict;
	} else if (packet.protocol != IPPROTO_UDP) {
		return REST;
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
	return from_real(ctx, front, &packet);
}

#endif
