/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* Who gets a new connection. Candidates stand in the order in which IPVS walks them (the last added
 * first), and ties go to the first, so that the choices are IPVS's own, one by one. */
#ifndef KEELSON_SCHEDULE_H
#define KEELSON_SCHEDULE_H

#include "candidates.h"
#include "hashing.h"
#include "locality.h"

/* Where a walk round the list is after `index` steps. It is reckoned from the index, because the verifier
 * would follow a place that is counted up through all of its values. */
static __always_inline __u32 place_after(const struct walk *walk, __u32 index)
{
	return walk->count ? (walk->place + index) % walk->count : 0;
}

static long rr_step(__u32 index, void *data)
{
	struct walk *walk = data;
	__u32 place = place_after(walk, index);
	const struct candidate *candidate = candidate_at(walk->service, place);

	if (!candidate || !usable(candidate))
		return 0;
	walk->chosen = place;
	return 1;
}

/* The cursor is the place after the last chosen one. This and the other choices are global functions,
 * because those are verified once and not at every call. */
__noinline int choose_rr(struct service *service)
{
	struct walk walk;
	__u64 cursor;

	if (!service)
		return NOBODY;
	begin_walk(&walk, service, SCHEDULER_RR);
	for (int attempt = 0; attempt < 4; attempt++) {
		cursor = service->cursor;
		walk.place = cursor;
		walk.chosen = NOBODY;
		bpf_loop(walk.count, rr_step, &walk, 0);
		if (walk.chosen == NOBODY)
			return NOBODY;
		if (__sync_val_compare_and_swap(&service->cursor, cursor, (__u64)walk.chosen + 1) == cursor)
			break;
	}
	return walk.chosen;
}

/* One step of IPVS's weighted round robin: from the end of the list the current weight goes down by
 * the common divisor. Weights that nobody usable reaches are passed over at once. */
static long wrr_step(__u32 index, void *data)
{
	struct walk *walk = data;
	const struct service *service = walk->service;
	__u32 place = place_after(walk, index);
	const struct candidate *candidate;
	__u32 step = service->weight_step ?: 1;

	if (place == 0 && walk->place + index > 0) {
		walk->weight = walk->weight > step ? walk->weight - step : service->weight_max;
		if (walk->weight > walk->best_weight) {
			__u32 over = walk->weight - (__u32)walk->best_weight;
			__u32 down = (over + step - 1) / step * step;

			walk->weight = walk->weight > down ? walk->weight - down : 1;
		}
	}
	candidate = candidate_at(walk->service, place);
	if (!candidate || candidate->weight < walk->weight || !usable(candidate))
		return 0;
	walk->chosen = place;
	return 1;
}

/* A search in vain leaves the walk where it began when the weight cannot fall, else at the head and the
 * top: IPVS goes on from there when somebody takes connections again. */
static __always_inline void restart_wrr(struct service *service)
{
	__u64 cursor = service->cursor;
	__u32 step = service->weight_step ?: 1;

	if (service->weight_max == 0)
		return;
	if ((__u32)cursor == 0 || cursor >> 32 > step)
		__sync_val_compare_and_swap(&service->cursor, cursor, (__u64)service->weight_max << 32);
}

__noinline int choose_wrr(struct service *service)
{
	struct walk walk;
	__u64 cursor, next;

	if (!service)
		return NOBODY;
	begin_walk(&walk, service, SCHEDULER_WRR);
	bpf_loop(walk.count, heaviest_step, &walk, 0);
	if (walk.best_weight == 0 || service->weight_max == 0) {
		restart_wrr(service);
		return NOBODY;
	}
	for (int attempt = 0; attempt < 4; attempt++) {
		cursor = service->cursor;
		walk.place = cursor;
		walk.weight = cursor >> 32;
		if (walk.weight == 0)
			walk.weight = service->weight_max;
		walk.chosen = NOBODY;
		bpf_loop(2 * walk.count + 2, wrr_step, &walk, 0);
		if (walk.chosen == NOBODY)
			return NOBODY;
		next = ((__u64)walk.weight << 32) | (walk.chosen + 1);
		if (__sync_val_compare_and_swap(&service->cursor, cursor, next) == cursor)
			break;
	}
	return walk.chosen;
}

/* Who has a ticket from 0 to the sum of the weights, both included. */
static __always_inline __u32 holder_of(struct walk *walk, __u64 ticket)
{
	/* The first has one ticket more than its weight. */
	walk->best_load = ticket > 0 ? ticket - 1 : 0;
	walk->chosen = NOBODY;
	bpf_loop(walk->count, share_step, walk, 0);
	return walk->chosen;
}

static __always_inline __u64 work_of(const struct candidate *candidate)
{
	const struct load *load = load_at(candidate->destination);

	return load ? ((__u64)load->active << 8) + load->inactive : 0;
}

/* twos: of two that are drawn by weight the one with less to do. */
__noinline int choose_twos(struct service *service)
{
	const struct candidate *first, *second;
	struct walk walk;
	__u32 a, b;

	if (!service)
		return NOBODY;
	begin_walk(&walk, service, SCHEDULER_TWOS);
	bpf_loop(walk.count, heaviest_step, &walk, 0);
	a = holder_of(&walk, ((__u64)bpf_get_prandom_u32() * (walk.sum + 1)) >> 32);
	b = holder_of(&walk, ((__u64)bpf_get_prandom_u32() * (walk.sum + 1)) >> 32);
	first = candidate_at(service, a);
	second = candidate_at(service, b);
	if (!first || !second)
		return first ? a : b;
	return second->weight * work_of(first) > first->weight * work_of(second) ? b : a;
}

/* The best by one walk: fo the heaviest, the others the one with the least to do. */
__noinline int choose_best(struct service *service)
{
	struct walk walk;

	if (!service)
		return NOBODY;
	begin_walk(&walk, service, service->scheduler);
	if (walk.rule == SCHEDULER_FO)
		bpf_loop(walk.count, heaviest_step, &walk, 0);
	else
		bpf_loop(walk.count, least_step, &walk, 0);
	return walk.chosen;
}

static __always_inline __u32 choose(struct service *service, const struct flow *flow)
{
	switch (service->scheduler) {
	case SCHEDULER_RR:
		return choose_rr(service);
	case SCHEDULER_WRR:
		return choose_wrr(service);
	case SCHEDULER_TWOS:
		return choose_twos(service);
	case SCHEDULER_DH:
	case SCHEDULER_SH:
	case SCHEDULER_MH:
		return choose_by_table(service, flow);
	case SCHEDULER_LBLC:
	case SCHEDULER_LBLCR:
		return choose_by_locality(service, flow);
	default:
		return choose_best(service);
	}
}

/* The choice that needs no memory: the same client gets the same server while the servers stay. */
__noinline int choose_by_hash(struct service *service, const struct connection_key *key)
{
	struct walk walk;
	__u32 hash;

	if (!service || !key)
		return NOBODY;
	hash = (key->client ^ ((__u32)key->client_port << 16 | key->virtual_port)) * 0x9e3779b1u;
	begin_walk(&walk, service, service->scheduler);
	bpf_loop(walk.count, heaviest_step, &walk, 0);
	if (walk.sum == 0)
		return NOBODY;
	walk.chosen = NOBODY;
	walk.best_load = ((__u64)(hash ^ hash >> 16) * walk.sum) >> 32;
	bpf_loop(walk.count, share_step, &walk, 0);
	return walk.chosen;
}

#endif
