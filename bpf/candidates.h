/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* The destinations of a service as schedulers walk them: the last added first, and ties go to the first. */
#ifndef KEELSON_CANDIDATES_H
#define KEELSON_CANDIDATES_H

#include "connection.h"

#define NOBODY 0xffffffffu

/* One walk over the candidates, by the rule of a scheduler. */
struct walk {
	struct service *service;
	__u32 count;
	__u32 rule; /* SCHEDULER_ */
	__u32 place; /* rr, wrr: where the walk begins, beyond the end for the head */
	__u32 weight; /* wrr: the current weight */
	__u32 chosen;
	__u64 best_load;
	__u64 best_weight;
	__u64 sum;
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

static __always_inline void begin_walk(struct walk *walk, struct service *service, __u32 rule)
{
	__builtin_memset(walk, 0, sizeof(*walk));
	walk->service = service;
	walk->count = service->count > CANDIDATES_MAX ? CANDIDATES_MAX : service->count;
	walk->rule = rule;
	walk->chosen = NOBODY;
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

/* The least of load/weight by cross products; what load and weight are is the rule's matter. */
static long least_step(__u32 index, void *data)
{
	struct walk *walk = data;
	const struct candidate *candidate = candidate_at(walk->service, index);
	const struct load *load;
	__u64 cost, weight;

	if (!candidate || !usable(candidate))
		return 0;
	load = load_at(candidate->destination);
	if (!load)
		return 0;
	weight = candidate->weight;
	if (walk->rule == SCHEDULER_SED || walk->rule == SCHEDULER_NQ)
		cost = (__u64)load->active + 1;
	else
		cost = ((__u64)load->active << 8) + load->inactive;
	if (walk->rule == SCHEDULER_LC)
		weight = 1;
	if (walk->rule == SCHEDULER_NQ && load->active == 0) {
		walk->chosen = index;
		return 1;
	}
	if (walk->rule == SCHEDULER_OVF) {
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

/* The first whose share of the weights `best_load` falls into. */
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

#endif
