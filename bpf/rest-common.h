/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* What the steps of rest.h have in common. */
#ifndef KEELSON_REST_COMMON_H
#define KEELSON_REST_COMMON_H

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

#endif
