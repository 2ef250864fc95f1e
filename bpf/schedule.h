/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* Who gets a new connection. Candidates stand in the order in which IPVS walks them (the last added
 * first), and ties go to the first, so that the choices are IPVS's own, one by one. */
#ifndef KEELSON_SCHEDULE_H
#define KEELSON_SCHEDULE_H

#include "connection.h"

#define NOBODY 0xffffffffu

struct walk {
	struct service *service;
	__u32 count;
	__u32 place; /* rr, wrr: last looked at */
	__u32 weight; /* wrr: the current weight */
	__u32 chosen;
	__u64 best_load;
	__u64 best_weight;
	__u64 sum;
	__u32 found_idle;
};

static __always_inline struct candidate *candidate_at(struct service *service, __u32 place)
{
	/* The compiler must not form the address before the check: the verifier would not follow. */
	if (place >= CANDIDATES_MAX)
		return 0;
	barrier_var(place);
	return &service->candidates[place];
}

static __always_inline int overloaded(const struct candidate *candidate)
{
	__u32 slot = candidate->destination & (DESTINATIONS_MAX - 1);
	const struct limit *limit = bpf_map_lookup_elem(&limits, &slot);

	return limit && limit->overloaded;
}

static __always_inline int usable(const struct candidate *candidate)
{
	return candidate->weight > 0 && !overloaded(candidate);
}

static long rr_step(__u32 index, void *data)
{
	struct walk *walk = data;
	const struct candidate *candidate;

	walk->place = walk->place + 1 >= walk->count ? 0 : walk->place + 1;
	candidate = candidate_at(walk->service, walk->place);
	if (!candidate || !usable(candidate))
		return 0;
	walk->chosen = walk->place;
	return 1;
}

/* `place` counts from 0; NOBODY stands before the first, so that the next is the first. */
static __always_inline __u32 choose_rr(struct walk *walk)
{
	struct service *service = walk->service;
	__u64 cursor;

	for (int attempt = 0; attempt < 4; attempt++) {
		cursor = service->cursor;
		walk->place = (__u32)cursor - 1;
		walk->chosen = NOBODY;
		bpf_loop(walk->count, rr_step, walk, 0);
		if (walk->chosen == NOBODY)
			return NOBODY;
		if (__sync_val_compare_and_swap(&service->cursor, cursor, (__u64)walk->chosen + 1) == cursor)
			break;
	}
	return walk->chosen;
}

static long heaviest_step(__u32 index, void *data)
{
	struct walk *walk = data;
	const struct candidate *candidate = candidate_at(walk->service, index);

	if (candidate && usable(candidate)) {
		walk->sum += candidate->weight;
		if (candidate->weight > walk->best_weight) {
			walk->best_weight = candidate->weight;
			walk->chosen = index;
		}
	}
	return 0;
}

/* One step of IPVS's weighted round robin: from the end of the list the current weight goes down by
 * the common divisor. Weights that nobody usable reaches are passed over at once. */
static long wrr_step(__u32 index, void *data)
{
	struct walk *walk = data;
	const struct service *service = walk->service;
	const struct candidate *candidate;
	__u32 step = service->weight_step ?: 1;

	if (walk->place + 1 >= walk->count) {
		walk->place = NOBODY;
		walk->weight = walk->weight > step ? walk->weight - step : service->weight_max;
		if (walk->weight > walk->best_weight) {
			__u32 over = walk->weight - (__u32)walk->best_weight;
			__u32 down = (over + step - 1) / step * step;

			walk->weight = walk->weight > down ? walk->weight - down : 1;
		}
	}
	walk->place++;
	candidate = candidate_at(walk->service, walk->place);
	if (!candidate || candidate->weight < walk->weight || !usable(candidate))
		return 0;
	walk->chosen = walk->place;
	return 1;
}

static __always_inline __u32 choose_wrr(struct walk *walk)
{
	struct service *service = walk->service;
	__u64 cursor, next;

	bpf_loop(walk->count, heaviest_step, walk, 0);
	if (walk->best_weight == 0 || service->weight_max == 0)
		return NOBODY;
	for (int attempt = 0; attempt < 4; attempt++) {
		cursor = service->cursor;
		walk->place = (__u32)cursor - 1;
		walk->weight = cursor >> 32;
		if (walk->weight == 0)
			walk->weight = service->weight_max;
		walk->chosen = NOBODY;
		bpf_loop(2 * walk->count + 2, wrr_step, walk, 0);
		if (walk->chosen == NOBODY)
			return NOBODY;
		next = ((__u64)walk->weight << 32) | (walk->chosen + 1);
		if (__sync_val_compare_and_swap(&service->cursor, cursor, next) == cursor)
			break;
	}
	return walk->chosen;
}

/* The least of load/weight by cross products; what load and weight are is the scheduler's matter. */
static long least_step(__u32 index, void *data)
{
	struct walk *walk = data;
	const struct candidate *candidate = candidate_at(walk->service, index);
	__u32 scheduler = walk->service->scheduler;
	const struct load *load;
	__u64 cost, weight;

	if (!candidate || !usable(candidate))
		return 0;
	load = load_at(candidate->destination);
	if (!load)
		return 0;
	weight = candidate->weight;
	if (scheduler == SCHEDULER_SED || scheduler == SCHEDULER_NQ)
		cost = (__u64)load->active + 1;
	else
		cost = ((__u64)load->active << 8) + load->inactive;
	if (scheduler == SCHEDULER_LC)
		weight = 1;
	if (scheduler == SCHEDULER_NQ && load->active == 0) {
		walk->chosen = index;
		return 1;
	}
	if (scheduler == SCHEDULER_OVF) {
		if (load->active > candidate->weight || candidate->weight <= walk->best_weight)
			return 0;
	} else if (walk->chosen != NOBODY && walk->best_load * weight <= cost * walk->best_weight) {
		return 0;
	}
	walk->chosen = index;
	walk->best_load = cost;
	walk->best_weight = weight;
	return 0;
}

static __always_inline __u32 choose(struct service *service)
{
	struct walk walk = {.service = service, .count = service->count, .chosen = NOBODY};

	if (walk.count > CANDIDATES_MAX)
		walk.count = CANDIDATES_MAX;
	if (walk.count == 0)
		return NOBODY;
	if (service->scheduler == SCHEDULER_RR)
		return choose_rr(&walk);
	if (service->scheduler == SCHEDULER_WRR)
		return choose_wrr(&walk);
	if (service->scheduler == SCHEDULER_FO) {
		bpf_loop(walk.count, heaviest_step, &walk, 0);
		return walk.chosen;
	}
	bpf_loop(walk.count, least_step, &walk, 0);
	return walk.chosen;
}

static long share_step(__u32 index, void *data)
{
	struct walk *walk = data;
	const struct candidate *candidate = candidate_at(walk->service, index);

	if (!candidate || !usable(candidate))
		return 0;
	if (walk->best_load < candidate->weight) {
		walk->chosen = index;
		return 1;
	}
	walk->best_load -= candidate->weight;
	return 0;
}

/* The choice that needs no memory: the same client gets the same server while the servers stay. */
static __always_inline __u32 choose_by_hash(struct service *service, const struct connection_key *key)
{
	struct walk walk = {.service = service, .count = service->count, .chosen = NOBODY};
	__u32 hash = (key->client ^ ((__u32)key->client_port << 16 | key->virtual_port)) * 0x9e3779b1u;

	if (walk.count > CANDIDATES_MAX)
		walk.count = CANDIDATES_MAX;
	bpf_loop(walk.count, heaviest_step, &walk, 0);
	if (walk.sum == 0)
		return NOBODY;
	walk.chosen = NOBODY;
	walk.best_load = ((__u64)(hash ^ hash >> 16) * walk.sum) >> 32;
	bpf_loop(walk.count, share_step, &walk, 0);
	return walk.chosen;
}

#endif
