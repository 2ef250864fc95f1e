/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* Connections that another director told of, put into the table as if their packets had come here. */
#ifndef KEELSON_RESTORE_H
#define KEELSON_RESTORE_H

#include "admit.h"

#define OUTCOME_FULL 0
#define OUTCOME_MADE 1
#define OUTCOME_RENEWED 2
#define OUTCOME_IGNORED 3 /* it leads elsewhere and is about to end there */

/* In and out: what user space knows of a connection whose destination it has found. */
struct arrival {
	struct ends ends;
	__be16 client_port;
	__be16 virtual_port;
	__u8 protocol;
	__u8 family;
	__u8 method;
	__u8 generation; /* of the destination */
	__u32 destination;
	__be32 real_address; /* of IPv4 */
	__be16 real_port;
	__u8 is_template;
	__u8 assured;
	__u32 word; /* state, CONNECTION_ACTIVE, CONNECTION_NO_OUTPUT */
	__u32 timeout; /* units */
	__u32 outcome; /* OUTCOME_ */
};

/* The sweep and this run where a packet may interrupt them, so they cannot have the packets' scratch. */
struct restoring {
	struct arrival arrival;
	struct connection connection;
	struct flow flow;
	struct template_key of;
};

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct restoring);
} restoring_map SEC(".maps");

static __noinline int renew_arrived(struct connection *connection, const struct arrival *arrival, __u32 now)
{
	__u32 bits = CONNECTION_STATE | CONNECTION_ACTIVE;
	__u32 word = connection->word;
	__u32 replaced = (word & ~bits) | (arrival->word & bits);
	struct load *load = load_at(connection->destination);

	if (__sync_val_compare_and_swap(&connection->word, word, replaced) != word)
		return OUTCOME_IGNORED;
	if (load && ((word ^ replaced) & CONNECTION_ACTIVE)) {
		int became_active = (replaced & CONNECTION_ACTIVE) != 0;

		__sync_fetch_and_add(&load->active, became_active ? 1 : -1);
		__sync_fetch_and_add(&load->inactive, became_active ? -1 : 1);
	}
	if (arrival->protocol == IPPROTO_TCP &&
	    is_half_open(word & CONNECTION_STATE) != is_half_open(replaced & CONNECTION_STATE))
		count_half_open(is_half_open(replaced & CONNECTION_STATE) ? 1 : -1);
	connection->expires = now + arrival->timeout;
	begin_copy(connection, settings.sync_threshold, arrival->word & CONNECTION_STATE, now);
	return OUTCOME_RENEWED;
}

static __noinline int restore_connection(struct restoring *room, __u32 now)
{
	struct arrival *arrival = &room->arrival;
	struct connection *fresh = &room->connection, *known;
	struct flow *flow = &room->flow;
	__u32 ports = arrival->client_port | (__u32)arrival->virtual_port << 16;
	__u32 number;

	key_of(&flow->at, &arrival->ends, ports, arrival->protocol, arrival->family);
	flow->ends = arrival->ends;
	flow->now = now;
	known = find_flow(&flow->at, &flow->ends);
	if (known && is_past(known->expires, now)) {
		retire(known->number);
		known = 0;
	}
	if (known && (known->destination != arrival->destination ||
		      known->generation != arrival->generation)) {
		if (!(arrival->word & CONNECTION_ACTIVE))
			return OUTCOME_IGNORED;
		retire(known->number);
		known = 0;
	}
	if (known)
		return renew_arrived(known, arrival, now);
	__builtin_memset(fresh, 0, sizeof(*fresh));
	fresh->key = flow->at.key;
	fresh->word = (arrival->word & (CONNECTION_STATE | CONNECTION_ACTIVE | CONNECTION_NO_OUTPUT)) |
		      CONNECTION_SYNCED;
	fresh->expires = now + arrival->timeout;
	fresh->destination = arrival->destination;
	fresh->generation = arrival->generation;
	fresh->method = arrival->method;
	fresh->real_address = arrival->real_address;
	fresh->real_port = arrival->real_port;
	fresh->front = FRONT_TC;
	number = remember(flow, fresh);
	known = numbered(number);
	if (!known)
		return OUTCOME_FULL;
	begin_copy(known, settings.sync_threshold, arrival->word & CONNECTION_STATE, now);
	return OUTCOME_MADE;
}

static __noinline int restore_template(struct restoring *room, __u32 now)
{
	struct arrival *arrival = &room->arrival;
	struct template_key *of = &room->of;
	const struct destination *destination;
	struct template *known;
	struct template fresh = {
		.destination = arrival->destination,
		.generation = arrival->generation,
		.expires = now + arrival->timeout,
		.timeout = arrival->timeout,
		.assured = arrival->assured,
	};

	__builtin_memset(of, 0, sizeof(*of));
	of->client = arrival->ends.client;
	of->virtual_address = arrival->ends.virtual_address;
	of->virtual_port = arrival->virtual_port;
	of->protocol = arrival->protocol;
	of->family = arrival->family;
	known = bpf_map_lookup_elem(&templates, of);
	if (known && known->destination == arrival->destination &&
	    known->generation == arrival->generation) {
		known->timeout = arrival->timeout;
		known->expires = now + arrival->timeout;
		if (arrival->assured)
			known->assured = 1;
		return OUTCOME_RENEWED;
	}
	if (known) {
		destination = destination_at(known->destination);
		if (destination && (destination->flags & DESTINATION_AVAILABLE) &&
		    destination->generation == known->generation && !is_past(known->expires, now))
			return OUTCOME_IGNORED;
		count_persistent(known->destination, -1);
	}
	if (bpf_map_update_elem(&templates, of, &fresh, BPF_ANY)) {
		if (known)
			bpf_map_delete_elem(&templates, of);
		return OUTCOME_FULL;
	}
	count_persistent(fresh.destination, 1);
	return OUTCOME_MADE;
}

static __always_inline int restore(struct arrival *arrival)
{
	__u32 zero = 0;
	struct restoring *room = bpf_map_lookup_elem(&restoring_map, &zero);

	if (!room)
		return 0;
	room->arrival = *arrival;
	if (arrival->is_template)
		arrival->outcome = restore_template(room, coarse_now());
	else
		arrival->outcome = restore_connection(room, coarse_now());
	return 0;
}

#endif
