/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* The connection table: `slots` is hashed with linear probing over a window and leads to `connections`,
 * which are handed out in order, so that the memory that is touched stays small. A known connection costs
 * two cache lines and no helper call; the kernel's hash map costs three and four calls. Nothing is ever
 * evicted. There are twice as many slots as connections, so that a window is as good as never full. */
#ifndef KEELSON_TABLE_H
#define KEELSON_TABLE_H

#include "maps.h"
#include "parse.h"

#define PROBES_MAX 16
#define FREE_TRIES_MAX 32
#define EMPTY 0

/* Two rounds of multiply and shift over a secret seed: clients cannot choose their slots. */
static __always_inline __u64 hash_of(const __u64 *words)
{
	__u64 hash = (words[0] ^ tuning.seed[0]) * 0x9e3779b97f4a7c15ull;

	hash ^= hash >> 32;
	hash = (hash ^ words[1] ^ tuning.seed[1]) * 0xd6e8feb86659fd93ull;
	return hash ^ hash >> 32;
}

static __always_inline __u32 slot_of(__u64 hash)
{
	return hash & tuning.slot_mask;
}

/* A slot's content: half of the hash, so that most other keys are told apart here, and the number. */
static __always_inline __u64 entry_of(__u64 hash, __u32 number)
{
	return (hash >> 32) << 32 | number;
}

static __always_inline __u64 *slot_at(__u32 slot)
{
	slot &= tuning.slot_mask;
	return bpf_map_lookup_elem(&slots, &slot);
}

/* Numbers count from 1. */
static __always_inline struct connection *numbered(__u32 number)
{
	number--;
	return bpf_map_lookup_elem(&connections, &number);
}

static __always_inline int is_at(const struct connection *connection, const __u64 *words)
{
	const __u64 *key = (const __u64 *)&connection->key;

	return key[0] == words[0] && key[1] == words[1] && (connection->word & CONNECTION_USED);
}

static __always_inline struct ends *ends_numbered(__u32 number)
{
	number--;
	return bpf_map_lookup_elem(&addresses6, &number);
}

/* What stands in a key for an IPv6 address. */
static __always_inline __u32 fold_address(const struct address *address)
{
	const __u64 words[2] = {
		(__u64)address->words[0] << 32 | address->words[1],
		(__u64)address->words[2] << 32 | address->words[3],
	};
	__u64 hash = hash_of(words);

	return hash ^ hash >> 32;
}

/* The key of a packet of any family. */
static __always_inline void key_of(union flow_key *to, const struct ends *ends, __u32 ports, __u8 protocol,
				   __u8 family)
{
	__u32 client = ends->client.words[0], virtual_address = ends->virtual_address.words[0];

	if (family == IPV6) {
		client = fold_address(&ends->client);
		virtual_address = fold_address(&ends->virtual_address);
	}
	to->words[0] = client | (__u64)virtual_address << 32;
	to->words[1] = ports | (__u64)(protocol | family << 8) << 32;
}

static __always_inline int has_ends(const struct connection *connection, const struct ends *ends)
{
	const struct ends *own;

	if (connection->key.family == IPV4)
		return 1;
	own = ends_numbered(connection->number);
	return own && same_address(&own->client, &ends->client) &&
	       same_address(&own->virtual_address, &ends->virtual_address);
}

/* The connection of a packet of any family. */
static __noinline struct connection *find_flow(const union flow_key *at, const struct ends *ends)
{
	__u64 hash = hash_of(at->words);
	__u32 slot = slot_of(hash);

	for (int i = 0; i < PROBES_MAX; i++) {
		const __u64 *entry = slot_at(slot + i);
		struct connection *connection;

		if (!entry)
			return 0;
		if (*entry == EMPTY || *entry >> 32 != hash >> 32)
			continue;
		connection = numbered(*entry);
		if (connection && is_at(connection, at->words) && has_ends(connection, ends))
			return connection;
	}
	return 0;
}

/* The rest of the window, for keys that are not in their first slot. */
static __noinline struct connection *find_further(const union flow_key *at, __u64 hash)
{
	__u32 slot = slot_of(hash);

	for (int i = 1; i < PROBES_MAX; i++) {
		const __u64 *entry = slot_at(slot + i);
		struct connection *connection;

		if (!entry)
			return 0;
		if (*entry == EMPTY || *entry >> 32 != hash >> 32)
			continue;
		connection = numbered(*entry);
		if (connection && is_at(connection, at->words))
			return connection;
	}
	return 0;
}

/* The fast path of IPv4. */
static __always_inline struct connection *find_connection(const union flow_key *at)
{
	__u64 hash = hash_of(at->words);
	const __u64 *entry = slot_at(slot_of(hash));

	if (entry && *entry >> 32 == hash >> 32) {
		struct connection *connection = numbered(*entry);

		if (connection && is_at(connection, at->words))
			return connection;
	}
	return find_further(at, hash);
}

/* The number of a connection to fill: one that was given back, or the next that was never used. 0: there
 * is none. */
__noinline int take_free(void)
{
	__u32 zero = 0, next;
	struct pressure *pressure = bpf_map_lookup_elem(&pressure_map, &zero);
	struct connection *connection;
	__u64 head;

	if (!pressure)
		return 0;
	for (int i = 0; i < FREE_TRIES_MAX; i++) {
		head = pressure->free;
		if ((__u32)head == 0)
			break;
		connection = numbered(head);
		if (!connection)
			return 0;
		next = connection->slot;
		if (__sync_val_compare_and_swap(&pressure->free, head,
						((head >> 32) + 1) << 32 | next) == head)
			return (__u32)head;
	}
	if (pressure->begun >= tuning.connections_max)
		return 0;
	next = __sync_fetch_and_add(&pressure->begun, 1) + 1;
	connection = numbered(next);
	if (!connection)
		return 0;
	connection->number = next;
	return next;
}

/* Gives a connection back; what is given back last is taken first. */
__noinline int give_back(__u32 number)
{
	__u32 zero = 0;
	struct pressure *pressure = bpf_map_lookup_elem(&pressure_map, &zero);
	struct connection *connection = numbered(number);
	__u64 head;

	if (!pressure || !connection)
		return 0;
	__sync_lock_test_and_set(&connection->word, 0);
	for (int i = 0; i < FREE_TRIES_MAX; i++) {
		head = pressure->free;
		connection->slot = head;
		if (__sync_val_compare_and_swap(&pressure->free, head,
						((head >> 32) + 1) << 32 | number) == head)
			return 0;
	}
	return 0;
}

/* Takes the way to a connection out of the index. */
static __always_inline void unlink(const struct connection *connection)
{
	__u64 hash = hash_of((const __u64 *)&connection->key);
	__u64 *entry = slot_at(connection->slot);
	__u64 expected = entry_of(hash, connection->number);

	if (entry)
		__sync_val_compare_and_swap(entry, expected, EMPTY);
}

/* Fills a connection that was taken, all but its way. */
static __always_inline void fill_in(struct connection *to, const struct connection *from,
				    const struct ends *ends)
{
	struct ends *own = from->key.family == IPV6 ? ends_numbered(to->number) : 0;

	if (own)
		*own = *ends;
	to->key = from->key;
	to->expires = from->expires;
	to->destination = from->destination;
	to->generation = from->generation;
	to->prefix = from->prefix;
	to->template_port = from->template_port;
	to->real_address = from->real_address;
	to->real_port = from->real_port;
	to->method = from->method;
	to->front = from->front;
	to->ifindex = from->ifindex;
	to->link[0] = from->link[0];
	to->link[1] = from->link[1];
	to->link[2] = from->link[2];
	__sync_lock_test_and_set(&to->word, from->word | CONNECTION_USED);
}

#endif
