/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* dh, sh and mh: user space has filled a table with places of candidates; a hash of an address leads to
 * one of its entries. Hashes are the kernel's. */
#ifndef KEELSON_HASHING_H
#define KEELSON_HASHING_H

#include "candidates.h"

#define MAGLEV_KEY 2654435761ull

/* A search from an entry whose destination takes nobody. */
struct hashing {
	struct service *service;
	const struct places *places;
	__u32 value; /* what is hashed */
	__u32 first; /* the entry that the search begins from */
	__u32 chosen;
};

static __always_inline __u32 folded(const struct address *address)
{
	return bpf_ntohl(address->words[0] ^ address->words[1] ^ address->words[2] ^ address->words[3]);
}

static __always_inline __u64 rotate(__u64 value, __u32 bits)
{
	return value << bits | value >> (64 - bits);
}

#define SIP_ROUND(a, b, c, d)            \
	do {                             \
		a += b;                  \
		b = rotate(b, 13) ^ a;   \
		a = rotate(a, 32);       \
		c += d;                  \
		d = rotate(d, 16) ^ c;   \
		a += d;                  \
		d = rotate(d, 21) ^ a;   \
		c += b;                  \
		b = rotate(b, 17) ^ c;   \
		c = rotate(c, 32);       \
	} while (0)

/* SipHash-1-3 of four bytes under mh's key, folded to 32 bits. */
static __always_inline __u32 sip_hash(__u32 value)
{
	__u64 block = 4ull << 56 | value;
	__u64 a = 0x736f6d6570736575ull ^ MAGLEV_KEY;
	__u64 b = 0x646f72616e646f6dull ^ MAGLEV_KEY;
	__u64 c = 0x6c7967656e657261ull ^ MAGLEV_KEY;
	__u64 d = 0x7465646279746573ull ^ MAGLEV_KEY ^ block;

	SIP_ROUND(a, b, c, d);
	a ^= block;
	c ^= 0xff;
	SIP_ROUND(a, b, c, d);
	SIP_ROUND(a, b, c, d);
	SIP_ROUND(a, b, c, d);
	return (__u32)(a ^ b ^ c ^ d);
}

/* The entry for a value, or the one to try at an offset from the first. */
static __always_inline __u32 entry_for(__u32 scheduler, __u32 value, __u32 offset)
{
	if (scheduler == SCHEDULER_MH)
		return sip_hash(value + offset) % MAGLEV_PLACES;
	return ((value * 0x61c88647u >> (32 - HASH_PLACES_BITS)) + offset) & (HASH_PLACES - 1);
}

static __always_inline __u32 place_if_usable(const struct hashing *hashing, __u32 entry)
{
	const struct candidate *candidate;
	__u32 place;

	/* The compiler knows what a remainder is less than; the verifier does not. */
	barrier_var(entry);
	place = hashing->places->of[entry & (PLACES_MAX - 1)];
	candidate = candidate_at(hashing->service, place);
	return candidate && place < hashing->service->count && usable(candidate) ? place : NOBODY;
}

static long fallback_step(__u32 index, void *data)
{
	struct hashing *hashing = data;
	__u32 scheduler = hashing->service->scheduler;
	__u32 size = scheduler == SCHEDULER_MH ? MAGLEV_PLACES : HASH_PLACES;

	hashing->chosen = place_if_usable(
		hashing, entry_for(scheduler, hashing->value, (hashing->first + index) % size));
	return hashing->chosen != NOBODY;
}

/* Global functions are verified once, not at every call. */
__noinline int choose_by_table(struct service *service, const struct flow *flow)
{
	struct hashing hashing = {.service = service};
	__u32 scheduler, table;

	if (!service || !flow)
		return NOBODY;
	scheduler = service->scheduler;
	table = service->table;
	hashing.places = bpf_map_lookup_elem(&schedule_tables, &table);
	if (!hashing.places || service->count == 0)
		return NOBODY;
	if (scheduler == SCHEDULER_DH) {
		hashing.value = folded(&flow->ends.virtual_address);
		return place_if_usable(&hashing, entry_for(scheduler, hashing.value, 0));
	}
	hashing.value = folded(&flow->ends.client);
	if (service->flags & SERVICE_HASH_PORT)
		hashing.value += bpf_ntohs(flow->at.key.client_port);
	hashing.first = entry_for(scheduler, hashing.value, 0);
	hashing.chosen = place_if_usable(&hashing, hashing.first);
	if (hashing.chosen != NOBODY || !(service->flags & SERVICE_FALLBACK))
		return hashing.chosen;
	bpf_loop(scheduler == SCHEDULER_MH ? MAGLEV_PLACES : HASH_PLACES, fallback_step, &hashing, 0);
	return hashing.chosen;
}

#endif
