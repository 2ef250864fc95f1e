/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* lblc and lblcr: what is asked for at one address goes to one destination, or to one set of them, while
 * they can bear it. What is remembered stands in `localities`, under the number of the service's table. */
#ifndef KEELSON_LOCALITY_H
#define KEELSON_LOCALITY_H

#include "candidates.h"

/* A walk over the set of one address, from the member that came last. */
struct set_walk {
	struct service *service;
	const struct locality *set;
	__u32 most; /* else the least is sought */
	__u32 place; /* of the member found so far, among the candidates */
	__u32 member; /* of the member found so far, in the set */
	__u64 best_load;
	__u64 best_weight;
};

static __always_inline __u32 member_of(const struct candidate *candidate)
{
	return candidate->destination | (__u32)candidate->generation << 24;
}

/* A search for one candidate. It is small: seven calls share the stack. */
struct search {
	struct service *service;
	__u32 sought; /* a member */
	__u32 found; /* its place */
};

static long find_step(__u32 index, void *data)
{
	struct search *search = data;
	const struct candidate *candidate = candidate_at(search->service, index);

	if (!candidate || member_of(candidate) != search->sought)
		return 0;
	search->found = index;
	return 1;
}

/* Where a member stands among the candidates; NOBODY when it has been taken out of the service. */
static __noinline __u32 place_of_member(struct service *service, __u32 member)
{
	struct search search = {.service = service, .sought = member, .found = NOBODY};

	bpf_loop(service->count, find_step, &search, 0);
	return search.found;
}

static long idle_step(__u32 index, void *data)
{
	struct search *search = data;
	const struct candidate *candidate = candidate_at(search->service, index);
	const struct load *load = candidate ? load_at(candidate->destination) : 0;

	if (!load || (__u64)load->active * 2 >= candidate->weight)
		return 0;
	search->found = index;
	return 1;
}

/* More active connections than weight, while somebody has fewer than half of its own. */
static __noinline int is_burdened(struct service *service, __u32 place)
{
	const struct candidate *candidate = candidate_at(service, place);
	const struct load *load = candidate ? load_at(candidate->destination) : 0;
	struct search search = {.service = service, .found = NOBODY};

	if (!load || load->active <= candidate->weight)
		return 0;
	bpf_loop(service->count, idle_step, &search, 0);
	return search.found != NOBODY;
}

static __noinline __u32 choose_wlc(struct service *service)
{
	struct walk walk;

	begin_walk(&walk, service, SCHEDULER_WLC);
	bpf_loop(walk.count, least_step, &walk, 0);
	return walk.chosen;
}

static long set_step(__u32 index, void *data)
{
	struct set_walk *walk = data;
	__u32 at = walk->set->count - 1 - index;
	const struct candidate *candidate;
	const struct load *load;
	__u64 cost, weight;
	__u32 place;

	if (at >= LOCALITY_MEMBERS)
		return 1;
	place = place_of_member(walk->service, walk->set->members[at]);
	candidate = candidate_at(walk->service, place);
	if (!candidate || candidate->weight == 0 || (!walk->most && overloaded(candidate)))
		return 0;
	load = load_at(candidate->destination);
	if (!load)
		return 0;
	weight = candidate->weight;
	cost = ((__u64)load->active << 8) + load->inactive;
	if (walk->place != NOBODY) {
		__u64 best = walk->best_load * weight;
		__u64 this = cost * walk->best_weight;

		if (walk->most ? best >= this : best <= this)
			return 0;
	}
	walk->place = place;
	walk->member = at;
	walk->best_load = cost;
	walk->best_weight = weight;
	return 0;
}

static __always_inline void walk_set(struct set_walk *walk, struct service *service,
				     const struct locality *set, int most)
{
	__builtin_memset(walk, 0, sizeof(*walk));
	walk->service = service;
	walk->set = set;
	walk->most = most;
	walk->place = NOBODY;
	walk->member = NOBODY;
	bpf_loop(set->count & 255, set_step, walk, 0);
}

/* A step along the members of a set that may be changed. */
struct member_walk {
	struct locality *set;
	__u32 sought;
	__u32 found;
};

static __always_inline __u32 *member_at(struct locality *set, __u32 at)
{
	if (at >= LOCALITY_MEMBERS)
		return 0;
	barrier_var(at);
	return &set->members[at];
}

static long shift_step(__u32 index, void *data)
{
	struct member_walk *walk = data;
	__u32 *to = member_at(walk->set, walk->sought + index);
	const __u32 *from = member_at(walk->set, walk->sought + index + 1);

	if (!to || !from)
		return 1;
	*to = *from;
	return 0;
}

static long member_step(__u32 index, void *data)
{
	struct member_walk *walk = data;
	const __u32 *member = member_at(walk->set, index);

	if (!member)
		return 1;
	walk->found = *member == walk->sought;
	return walk->found;
}

static __noinline int drop_member(struct locality *set, __u32 place, __u32 now)
{
	struct member_walk walk = {.set = set, .sought = place};

	bpf_loop(LOCALITY_MEMBERS - 1, shift_step, &walk, 0);
	set->count--;
	set->changed = now;
	return 0;
}

/* Two CPUs that add at once may lose one of both: it is added again when it is chosen again. */
static __noinline int add_member(struct locality *set, __u32 member, __u32 now)
{
	struct member_walk walk = {.set = set, .sought = member};
	__u32 *free;

	bpf_loop(set->count & 255, member_step, &walk, 0);
	free = member_at(set, set->count);
	if (walk.found || !free)
		return 0;
	*free = member;
	set->count++;
	set->changed = now;
	return 1;
}

static __noinline int locality_key(struct locality_key *to, const struct service *service,
				   const struct flow *flow)
{
	to->table = service->table;
	to->address = flow->ends.virtual_address;
	return 0;
}

/* Remembers the first destination of an address, or the one that takes the place of it. */
static __noinline int remember_locality(struct service *service, const struct flow *flow, __u32 place)
{
	const struct candidate *candidate = candidate_at(service, place);
	struct scratch *scratch = scratch_now();

	if (!candidate || !scratch)
		return 0;
	locality_key(&scratch->locality_key, service, flow);
	scratch->locality.used = flow->now;
	scratch->locality.changed = flow->now;
	scratch->locality.rule = service->scheduler;
	scratch->locality.count = 1;
	scratch->locality.members[0] = member_of(candidate);
	/* Where there is no room the choice stands for this connection alone. */
	return bpf_map_update_elem(&localities, &scratch->locality_key, &scratch->locality, BPF_ANY);
}

static __always_inline __u32 choose_lblc(struct service *service, const struct flow *flow,
					 struct locality *known)
{
	const struct candidate *candidate;
	__u32 place;

	if (known) {
		/* A destination at its upper threshold keeps its addresses, as in IPVS. */
		place = place_of_member(service, known->members[0]);
		candidate = candidate_at(service, place);
		if (candidate && candidate->weight > 0 && !is_burdened(service, place))
			return place;
	}
	place = choose_wlc(service);
	if (place != NOBODY)
		remember_locality(service, flow, place);
	return place;
}

static __always_inline __u32 choose_lblcr(struct service *service, const struct flow *flow,
					  struct locality *known)
{
	const struct candidate *candidate;
	struct set_walk walk;
	__u32 place;

	if (!known) {
		place = choose_wlc(service);
		if (place != NOBODY)
			remember_locality(service, flow, place);
		return place;
	}
	walk_set(&walk, service, known, 0);
	place = walk.place;
	if (known->count > 1 && (__s32)(flow->now - known->changed - settings.lblcr_expiration) > 0) {
		walk_set(&walk, service, known, 1);
		if (walk.member != NOBODY)
			drop_member(known, walk.member, flow->now);
	}
	if (place != NOBODY && !is_burdened(service, place))
		return place;
	place = choose_wlc(service);
	candidate = candidate_at(service, place);
	if (candidate)
		add_member(known, member_of(candidate), flow->now);
	return place;
}

/* Global functions are verified once, not at every call. */
__noinline int choose_by_locality(struct service *service, const struct flow *flow)
{
	struct scratch *scratch = scratch_now();
	struct locality *known;

	if (!scratch || !service || !flow)
		return NOBODY;
	locality_key(&scratch->locality_key, service, flow);
	known = bpf_map_lookup_elem(&localities, &scratch->locality_key);
	if (known)
		known->used = flow->now;
	if (service->scheduler == SCHEDULER_LBLC)
		return choose_lblc(service, flow, known);
	return choose_lblcr(service, flow, known);
}

#endif
