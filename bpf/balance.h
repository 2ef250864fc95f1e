/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* The core, compiled once for each hook: a client's packet to its real server, a NAT reply back. */
#ifndef KEELSON_BALANCE_H
#define KEELSON_BALANCE_H

#include "admit.h"
#include "forward.h"
#include "icmp.h"

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

static __always_inline int same_link(const struct flow *flow, const struct connection *connection)
{
	return connection->ifindex == flow->ifindex && connection->link[0] == flow->link[0] &&
	       connection->link[1] == flow->link[1] && connection->link[2] == flow->link[2];
}

static __always_inline void read_flow(struct flow *flow, void *ctx, enum front front, const void *data,
				      const struct iphdr *ip)
{
	const __u32 *header = data;

	flow->link[0] = header[0];
	flow->link[1] = header[1];
	flow->link[2] = header[2];
	flow->ifindex = ifindex_of(ctx, front);
	flow->front = front;
	flow->now = coarse_now();
	flow->length = bpf_ntohs(ip->tot_len);
	flow->key.protocol = ip->protocol;
}

static __always_inline int from_client(void *ctx, enum front front, struct flow *flow)
{
	struct connection *connection = bpf_map_lookup_elem(&connections, &flow->key);
	const struct destination *destination;
	const struct next_hop *hop;
	void *data, *end;
	struct iphdr *ip;
	__u8 protocol = flow->key.protocol;

	if (unlikely(!connection || is_past(connection->expires, flow->now) ||
		     (connection->word & CONNECTION_DEAD) ||
		     (protocol == IPPROTO_TCP && (flow->tcp_flags & TCP_SYN)))) {
		connection = admit(flow);
		if (!connection)
			return flow->verdict == VERDICT_DROP ? drop(front) : pass(front);
	}
	destination = destination_at(connection->destination);
	if (unlikely(!destination))
		return drop(front);
	if (unlikely(!(destination->flags & DESTINATION_AVAILABLE) ||
		     destination->generation != connection->generation)) {
		count_event(EVENT_DESTINATION_GONE);
		return drop(front);
	}
	if (unlikely(!same_link(flow, connection)) && !relearn(flow, connection)) {
		count_event(EVENT_NOT_FOR_US);
		return pass(front);
	}
	if (protocol == IPPROTO_TCP) {
		__u32 word = connection->word;
		__u32 direction = word & CONNECTION_NO_OUTPUT ? INPUT_ONLY : INPUT;

		if (unlikely(state_after(word & CONNECTION_STATE, direction, flow->tcp_flags) !=
			     (word & CONNECTION_STATE)))
			change_state(&flow->key, connection, INPUT, flow->tcp_flags);
	}
	renew(connection, protocol, flow->now);

	data = data_of(ctx, front);
	end = data_end_of(ctx, front);
	ip = data + ETH_HLEN;
	if (unlikely(data + UDP_END > end))
		return drop(front);
	if (unlikely(destination->flags & DESTINATION_LOCAL)) {
		count_in(connection->destination, flow->length);
		if (connection->method == METHOD_NAT)
			rewrite(ctx, front, protocol, 0, connection->real_address, connection->real_port);
		return pass(front);
	}
	if (unlikely(ip->ttl <= 1)) {
		count_event(EVENT_TTL);
		return drop(front);
	}
	hop = hop_of(destination);
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
	count_in(connection->destination, flow->length);
	decrement_ttl(ip);
	if (hop->status != HOP_UNRESOLVED)
		address_frame(data, hop->link);
	if (connection->method == METHOD_NAT &&
	    rewrite(ctx, front, protocol, 0, connection->real_address, connection->real_port))
		return drop(front);
	if (front != FRONT_XDP && unlikely(hop->status == HOP_UNRESOLVED))
		return send_unresolved(ctx, hop);
	return send(ctx, front, hop->ifindex);
}

/* Whose reply this might be: the connection's key as its client sees it. */
static __always_inline int reply_to(struct flow *flow, const struct iphdr *ip,
				    const struct ports *ports)
{
	struct endpoint_key at = {.address = ip->saddr, .port = ports->source, .protocol = ip->protocol};
	const struct real *real = bpf_map_lookup_elem(&reals, &at);
	const struct reply *reply;

	if (!real && (flow->filter & FILTER_REAL_ANY_PORT)) {
		at.port = 0;
		real = bpf_map_lookup_elem(&reals, &at);
	}
	if (!real)
		return 0;
	flow->key.client = ip->daddr;
	flow->key.client_port = ports->target;
	flow->key.virtual_address = real->virtual_address;
	flow->key.virtual_port = real->virtual_port ?: ports->source;
	if (unlikely(real->shared)) {
		struct reply_key key = {
			.client = ip->daddr,
			.real = ip->saddr,
			.client_port = ports->target,
			.real_port = ports->source,
			.protocol = ip->protocol,
		};

		reply = bpf_map_lookup_elem(&replies, &key);
		if (reply) {
			flow->key.virtual_address = reply->virtual_address;
			flow->key.virtual_port = reply->virtual_port;
		}
	}
	return 1;
}

static __always_inline int from_real(void *ctx, enum front front, struct flow *flow)
{
	struct connection *connection = bpf_map_lookup_elem(&connections, &flow->key);
	void *data = data_of(ctx, front), *end = data_end_of(ctx, front);
	struct iphdr *ip = data + ETH_HLEN;
	struct ports *ports = data + L4_OFFSET;
	__u8 protocol = flow->key.protocol;

	if (data + UDP_END > end)
		return pass(front);
	if (!connection || (connection->word & CONNECTION_DEAD) ||
	    is_past(connection->expires, flow->now) || connection->method != METHOD_NAT ||
	    connection->real_address != ip->saddr || connection->real_port != ports->source)
		return pass(front);
	if (front == FRONT_XDP && connection->front != FRONT_XDP)
		return XDP_PASS;
	if (front != FRONT_TC_EGRESS && unlikely(ip->ttl <= 1))
		return pass(front);
	if (protocol == IPPROTO_TCP) {
		__u32 state = connection->word & CONNECTION_STATE;

		if (unlikely(state_after(state, OUTPUT, flow->tcp_flags) != state))
			change_state(&flow->key, connection, OUTPUT, flow->tcp_flags);
	}
	renew(connection, protocol, flow->now);
	count_out(connection->destination, flow->length);
	if (front != FRONT_TC_EGRESS) {
		decrement_ttl(ip);
		address_reply(data, connection->link);
	}
	if (rewrite(ctx, front, protocol, 1, flow->key.virtual_address, flow->key.virtual_port))
		return drop(front);
	if (front == FRONT_TC_EGRESS)
		return pass(front);
	return send(ctx, front, connection->ifindex);
}

/* Every packet begins here. */
static __always_inline int balance(void *ctx, enum front front)
{
	void *data = data_of(ctx, front), *end = data_end_of(ctx, front);
	struct ethhdr *eth = data;
	struct iphdr *ip = data + ETH_HLEN;
	struct ports *ports = data + L4_OFFSET;
	const struct filter *all;
	struct flow flow = {};
	__u32 zero = 0;
	int is_inbound;

	if (data + UDP_END > end || eth->h_proto != bpf_htons(ETH_P_IP))
		return pass(front);
	all = bpf_map_lookup_elem(&filter, &zero);
	if (!all)
		return pass(front);
	flow.filter = front == FRONT_TC_EGRESS ? 0 : filter_bits(all, ip->daddr);
	is_inbound = flow.filter & FILTER_VIRTUAL;
	if (!is_inbound) {
		flow.filter = filter_bits(all, ip->saddr);
		if (likely(!(flow.filter & FILTER_REAL)))
			return pass(front);
	}
	if (unlikely(ip->ihl != 5 || ip->version != 4)) {
		count_event(EVENT_IP_OPTIONS);
		return pass(front);
	}
	if (unlikely(ip->frag_off & bpf_htons(IP_FRAGMENT_BITS))) {
		count_event(EVENT_FRAGMENT);
		return pass(front);
	}
	if (ip->protocol == IPPROTO_TCP) {
		if (unlikely(data + TCP_END > end))
			return pass(front);
		flow.tcp_flags = *((__u8 *)data + TCP_FLAGS_OFFSET);
	} else if (ip->protocol == IPPROTO_ICMP) {
		return is_inbound ? icmp_from_network(ctx, front) : pass(front);
	} else if (ip->protocol != IPPROTO_UDP) {
		return pass(front);
	}
	read_flow(&flow, ctx, front, data, ip);
	if (is_inbound) {
		flow.key.client = ip->saddr;
		flow.key.client_port = ports->source;
		flow.key.virtual_address = ip->daddr;
		flow.key.virtual_port = ports->target;
		return from_client(ctx, front, &flow);
	}
	if (!reply_to(&flow, ip, ports))
		return pass(front);
	return from_real(ctx, front, &flow);
}

#endif
