/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* FULLNAT: a director's address and port stand for a client. They are taken with the connection and given
 * back with it. Two connections to one real server never have the same: whoever comes second looks on. */
#ifndef KEELSON_BORROW_H
#define KEELSON_BORROW_H

#include "table.h"

#define PORT_TRIES_MAX 48
#define PORT_TRIES_IN_ORDER 8

static __always_inline __u32 folded_words(const __u32 *words)
{
	__u32 hash = 0;

	for (int i = 0; i < 4; i++)
		hash = (hash + words[i]) * 0x9e3779b1u;
	return hash;
}

/* Spreads flows. It need not be secret: whoever chooses it meets himself. */
static __always_inline __u32 flow_hash(__u32 client, __u32 virtual_address, __u32 ports)
{
	__u32 hash = (client * 0x9e3779b1u) ^ virtual_address;

	hash = (hash ^ hash >> 15) * 0x85ebca6bu ^ ports;
	hash = (hash ^ hash >> 13) * 0xc2b2ae35u;
	return hash ^ hash >> 16;
}

static __always_inline struct translation *translation_of(__u32 number)
{
	return bpf_map_lookup_elem(&translations, &number);
}

struct port_search {
	struct translation *translation;
	const struct sources *from;
	__u32 number;
	__u32 hash;
	__u32 found;
};

/* One try; returns 1 to end the search. */
static long try_port(__u32 i, void *context)
{
	struct port_search *search = context;
	struct borrowed_key *key = &search->translation->borrowed;
	struct borrowed value = {.number = search->number};
	const struct sources *from = search->from;
	__u32 n = i < PORT_TRIES_IN_ORDER ? search->hash + i : bpf_get_prandom_u32();
	__u32 count = from->count, ports = from->ports;

	if (count == 0 || ports == 0)
		return 1;
	key->source = from->addresses[(n % count) & (SOURCES_MAX - 1)];
	key->source_port = bpf_htons(from->first_port + (n / count) % ports);
	if (bpf_map_update_elem(&borrowed, key, &value, BPF_NOEXIST))
		return 0;
	search->found = bpf_map_update_elem(&translations, &search->number, search->translation, BPF_NOEXIST) == 0;
	if (!search->found)
		bpf_map_delete_elem(&borrowed, key);
	return 1;
}

/* Gives a connection its address and port. 0: there is none left. The first tries are those that the
 * flow's hash leads to, the others are random, so that nobody can aim at a place that is taken. */
__noinline int borrow_port(struct flow *flow, __u32 number, __u32 slot)
{
	struct connection *connection = numbered(number);
	struct port_search search = {.number = number};
	struct scratch *scratch = scratch_now();
	struct borrowed_key *key;
	struct destination *destination;

	if (!flow || !connection || !scratch)
		return 0;
	slot &= DESTINATIONS_MAX - 1;
	destination = bpf_map_lookup_elem(&destinations, &slot);
	search.from = bpf_map_lookup_elem(&sources, &slot);
	if (!destination || !search.from)
		return 0;
	if (translation_of(number))
		return 1;
	__builtin_memset(&scratch->translation, 0, sizeof(scratch->translation));
	search.translation = &scratch->translation;
	key = &scratch->translation.borrowed;
	key->real = destination->address;
	key->real_port = connection->real_port;
	key->protocol = connection->key.protocol;
	key->family = destination->family;
	if (key->protocol == IPPROTO_TCP)
		scratch->translation.tells = search.from->tells;
	search.hash = flow_hash(folded_words(flow->ends.client.words),
				folded_words(flow->ends.virtual_address.words),
				*(const __u32 *)&connection->key.client_port);
	bpf_loop(PORT_TRIES_MAX, try_port, &search, 0);
	return search.found;
}

static __noinline int return_port(__u32 number)
{
	struct translation *translation = translation_of(number);
	struct borrowed_key key;

	if (!translation)
		return 0;
	key = translation->borrowed;
	bpf_map_delete_elem(&borrowed, &key);
	return bpf_map_delete_elem(&translations, &number);
}

#endif
