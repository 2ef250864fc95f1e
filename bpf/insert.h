/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* Putting a connection into the table, where it may meet one that came first, or nobody makes room. */
#ifndef KEELSON_INSERT_H
#define KEELSON_INSERT_H

#include "schedule.h"

static __noinline int fill(struct connection *to, const struct flow *flow,
			   const struct candidate *candidate)
{
	__u32 state = STATE_NONE;

	__builtin_memset(to, 0, sizeof(*to));
	to->key = flow->at.key;
	/* An association takes each packet once, this one when it is forwarded: two INITs are not one. */
	if (flow->at.key.protocol == IPPROTO_TCP)
		state = next_state_of(flow->at.key.protocol, STATE_NONE, INPUT, flow->tcp_flags);
	to->word = state;
	if (counts_as_active(flow->at.key.protocol, state))
		to->word |= CONNECTION_ACTIVE;
	if (candidate->method != METHOD_NAT && candidate->method != METHOD_FULLNAT)
		to->word |= CONNECTION_NO_OUTPUT;
	to->expires = flow->now + timeout_of(flow->at.key.protocol, state);
	to->destination = candidate->destination;
	to->generation = candidate->generation;
	to->method = candidate->method;
	to->real_address = candidate->family == IPV4 ? candidate->address.words[0] : 0;
	to->real_port = candidate->port ?: flow->at.key.virtual_port;
	to->ifindex = flow->ifindex;
	to->front = flow->front;
	to->link[0] = flow->link[0];
	to->link[1] = flow->link[1];
	to->link[2] = flow->link[2];
	return 0;
}

/* Makes a slot of the window lead to a connection; what is over in it makes room. */
__noinline int link_up(__u32 number, __u32 now)
{
	struct connection *connection = numbered(number);
	__u64 hash;
	__u32 slot;

	if (!connection)
		return 0;
	hash = hash_of((const __u64 *)&connection->key);
	slot = slot_of(hash);
	for (int i = 0; i < PROBES_MAX; i++) {
		__u64 *entry = slot_at(slot + i);
		struct connection *other;

		if (!entry)
			return 0;
		if (*entry != EMPTY) {
			other = numbered(*entry);
			if (other && is_past(other->expires, now))
				retire(other->number);
		}
		if (*entry != EMPTY)
			continue;
		connection->slot = slot + i;
		if (__sync_val_compare_and_swap(entry, EMPTY, entry_of(hash, number)) == EMPTY)
			return 1;
	}
	return 0;
}

/* Puts a connection into the table. Returns the number of what is there in the end, which may be what
 * another CPU put there first, or 0 when the table is full. Two CPUs that put the same one in look again:
 * the one that stands first in the window stays. */
static __always_inline __u32 insert(const struct flow *flow, const struct connection *fresh)
{
	struct connection *connection, *first;
	__u32 number = take_free();

	connection = numbered(number);
	if (!connection)
		return 0;
	fill_in(connection, fresh, &flow->ends);
	if (!link_up(number, flow->now)) {
		give_back(number);
		return 0;
	}
	first = find_flow(&flow->at, &flow->ends);
	if (first && first->number != number) {
		unlink(connection);
		give_back(number);
		return first->number;
	}
	count_bind(connection);
	if (flow->at.key.protocol == IPPROTO_TCP && is_half_open(fresh->word & CONNECTION_STATE))
		count_half_open(1);
	if (fresh->word & CONNECTION_INDEXED)
		index_reply(fresh, &flow->ends);
	return number;
}

static __always_inline __u32 remember(struct flow *flow, struct connection *fresh)
{
	const struct destination *destination = destination_at(fresh->destination);
	__u32 number;

	if (destination && (destination->flags & DESTINATION_SHARED) && fresh->method == METHOD_NAT)
		fresh->word |= CONNECTION_INDEXED;
	number = insert(flow, fresh);
	if (!number)
		count_event(EVENT_TABLE_FULL);
	if (number && fresh->method == METHOD_FULLNAT &&
	    !borrow_port(flow, number, fresh->destination)) {
		count_event(EVENT_NO_PORT);
		retire(number);
		fresh->prefix = 0;
		return 0;
	}
	return number;
}

static __always_inline void count_connection(const struct connection *connection)
{
	__u32 slot = connection->destination & (DESTINATIONS_MAX - 1);
	struct counters *counted = bpf_map_lookup_elem(&counters, &slot);

	if (counted)
		counted->connections++;
}

#endif
