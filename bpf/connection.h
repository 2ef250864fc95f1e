/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* A connection's life: counted once, moved between states by compare-and-swap, taken out once. An entry
 * whose time is over counts as absent wherever it is met, whether or not anybody has swept it. */
#ifndef KEELSON_CONNECTION_H
#define KEELSON_CONNECTION_H

#include "borrow.h"
#include "maps.h"
#include "parse.h"
#include "sctp.h"
#include "table.h"
#include "template.h"

static __always_inline struct destination *destination_at(__u32 index)
{
	__u32 slot = index & (DESTINATIONS_MAX - 1);

	return bpf_map_lookup_elem(&destinations, &slot);
}

static __always_inline struct load *load_at(__u32 index)
{
	__u32 slot = index & (DESTINATIONS_MAX - 1);

	return bpf_map_lookup_elem(&loads, &slot);
}

static __always_inline struct pressure *pressure_now(void)
{
	__u32 zero = 0;

	return bpf_map_lookup_elem(&pressure_map, &zero);
}

static __always_inline __u32 timeout_of(__u8 protocol, __u32 state)
{
	if (protocol == IPPROTO_UDP)
		return settings.udp_timeout;
	if (protocol == PROTOCOL_SCTP)
		return tuning.sctp_timeouts[state & 15];
	return settings.tcp_timeouts[state & 15];
}

static __always_inline int has_states(__u8 protocol)
{
	return protocol == IPPROTO_TCP || protocol == PROTOCOL_SCTP;
}

/* `event` is of TCP its flags, of SCTP an enum sctp_event. */
static __always_inline __u32 next_state_of(__u8 protocol, __u32 state, __u32 direction, __u8 event)
{
	if (protocol == PROTOCOL_SCTP)
		return next_sctp_state[direction & 3][event & 15][state & 15];
	return state_after(state, direction, event);
}

static __always_inline int counts_as_active(__u8 protocol, __u32 state)
{
	if (protocol == PROTOCOL_SCTP)
		return state == SCTP_STATE_ESTABLISHED;
	return protocol == IPPROTO_TCP && is_active(state);
}

/* A destination with an upper threshold takes exactly that many, then none until it has drained. */
static __always_inline void limit_after_bind(__u32 index, const struct load *load)
{
	__u32 slot = index & (DESTINATIONS_MAX - 1);
	struct limit *limit = bpf_map_lookup_elem(&limits, &slot);

	if (limit && limit->upper && load->active + load->inactive >= limit->upper)
		limit->overloaded = 1;
}

static __always_inline void limit_after_unbind(__u32 index, const struct load *load)
{
	__u32 slot = index & (DESTINATIONS_MAX - 1);
	struct limit *limit = bpf_map_lookup_elem(&limits, &slot);
	__u32 total = load->active + load->inactive;

	if (!limit || !limit->overloaded)
		return;
	if (limit->lower) {
		if (total < limit->lower)
			limit->overloaded = 0;
	} else if (limit->upper) {
		if ((__u64)total * 4 < (__u64)limit->upper * 3)
			limit->overloaded = 0;
	} else {
		limit->overloaded = 0;
	}
}

static __always_inline void count_half_open(__s32 change)
{
	struct pressure *pressure = pressure_now();

	if (pressure)
		__sync_fetch_and_add(&pressure->half_open, change);
}

static __always_inline void count_bind(const struct connection *connection)
{
	struct load *load = load_at(connection->destination);
	struct pressure *pressure = pressure_now();

	if (load) {
		if (connection->word & CONNECTION_ACTIVE)
			__sync_fetch_and_add(&load->active, 1);
		else
			__sync_fetch_and_add(&load->inactive, 1);
		limit_after_bind(connection->destination, load);
	}
	if (pressure)
		__sync_fetch_and_add(&pressure->connections, 1);
}

/* Moves a connection to its next state; whoever wins the swap does the counting. */
static __noinline int change_state(struct connection *connection, __u32 direction, __u8 event)
{
	__u8 protocol = connection->key.protocol;
	__u32 word = connection->word;
	__u32 state = word & CONNECTION_STATE;
	__u32 next, replaced;
	struct load *load;

	if (direction == INPUT && (word & CONNECTION_NO_OUTPUT))
		direction = INPUT_ONLY;
	next = next_state_of(protocol, state, direction, event);
	if (next == state || (word & CONNECTION_DEAD))
		return 0;
	replaced = (word & ~(CONNECTION_STATE | CONNECTION_ACTIVE)) | next;
	if (counts_as_active(protocol, next))
		replaced |= CONNECTION_ACTIVE;
	if (__sync_val_compare_and_swap(&connection->word, word, replaced) != word)
		return 0;
	if ((word ^ replaced) & CONNECTION_ACTIVE) {
		load = load_at(connection->destination);
		if (load) {
			__sync_fetch_and_add(&load->active, replaced & CONNECTION_ACTIVE ? 1 : -1);
			__sync_fetch_and_add(&load->inactive, replaced & CONNECTION_ACTIVE ? -1 : 1);
		}
	}
	if (protocol == IPPROTO_TCP && is_half_open(state) != is_half_open(next))
		count_half_open(is_half_open(next) ? 1 : -1);
	if (connection->prefix &&
	    next == (protocol == IPPROTO_TCP ? STATE_ESTABLISHED : SCTP_STATE_ESTABLISHED))
		template_assure(connection);
	return 0;
}

/* A reply of UDP assures the client's template, as an established connection of TCP does. */
static __noinline int assure_by_reply(struct connection *connection)
{
	__u32 word = connection->word;

	if (word & CONNECTION_DEAD)
		return 0;
	template_assure(connection);
	__sync_val_compare_and_swap(&connection->word, word, word | CONNECTION_ASSURED);
	return 0;
}

static __always_inline void reply_key_of(struct reply_key *to, const struct connection *connection,
					 const struct ends *ends)
{
	const struct destination *destination = destination_at(connection->destination);

	__builtin_memset(to, 0, sizeof(*to));
	to->client = ends->client;
	if (connection->key.family == IPV6 && destination)
		to->real = destination->address;
	else
		to->real.words[0] = connection->real_address;
	to->client_port = connection->key.client_port;
	to->real_port = connection->real_port;
	to->protocol = connection->key.protocol;
	to->family = connection->key.family;
}

/* A connection's replies find it by the real server when several services share that server. */
static __noinline int index_reply(const struct connection *connection, const struct ends *ends)
{
	struct reply value = {.virtual_address = ends->virtual_address};
	struct reply_key reply;

	value.virtual_port = connection->key.virtual_port;
	reply_key_of(&reply, connection, ends);
	return bpf_map_update_elem(&replies, &reply, &value, BPF_ANY);
}

static __noinline int unindex_reply(const struct connection *connection, const struct ends *ends)
{
	struct reply_key reply;

	reply_key_of(&reply, connection, ends);
	return bpf_map_delete_elem(&replies, &reply);
}

/* Takes a connection out of the table and out of every count. Only the one who marks it does so. Global
 * functions (those that are not static) are verified once, not at every call. */
__noinline int retire(__u32 number)
{
	struct connection *connection = numbered(number);
	const struct connection_key *key;
	struct pressure *pressure;
	struct load *load;
	__u32 word;

	if (!connection)
		return 0;
	key = &connection->key;
	word = connection->word;
	if ((word & CONNECTION_DEAD) || !(word & CONNECTION_USED))
		return 0;
	if (__sync_val_compare_and_swap(&connection->word, word, word | CONNECTION_DEAD) != word)
		return 0;
	load = load_at(connection->destination);
	if (load) {
		if (word & CONNECTION_ACTIVE)
			__sync_fetch_and_add(&load->active, -1);
		else
			__sync_fetch_and_add(&load->inactive, -1);
		limit_after_unbind(connection->destination, load);
	}
	pressure = pressure_now();
	if (pressure) {
		__sync_fetch_and_add(&pressure->connections, -1);
		if (key->protocol == IPPROTO_TCP && is_half_open(word & CONNECTION_STATE))
			__sync_fetch_and_add(&pressure->half_open, -1);
	}
	if (connection->prefix || (word & CONNECTION_INDEXED)) {
		struct ends ends;

		ends_of(&ends, connection);
		if (connection->prefix)
			template_release(connection, &ends);
		if (word & CONNECTION_INDEXED)
			unindex_reply(connection, &ends);
	}
	if (connection->method == METHOD_FULLNAT)
		return_port(number);
	unlink(connection);
	give_back(number);
	return 1;
}

#endif
