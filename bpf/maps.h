/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* The maps. User space sets `max_entries` of those that hold connections before it loads. */
#ifndef KEELSON_MAPS_H
#define KEELSON_MAPS_H

#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

#include "layout.h"
#include "settings.h"

#define CONNECTIONS_DEFAULT 65536
#define LOCALITIES_MAX 65536
#define PIECES_MAX 8192

/* A hash table of our own, see table.h: slots that lead to connections, which stand close together.
 * Mappable maps begin on a page, so that a connection is one cache line. */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(map_flags, BPF_F_MMAPABLE);
	__uint(max_entries, 2 * CONNECTIONS_DEFAULT);
	__type(key, __u32);
	__type(value, __u64);
} slots SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(map_flags, BPF_F_MMAPABLE);
	__uint(max_entries, CONNECTIONS_DEFAULT);
	__type(key, __u32);
	__type(value, struct connection);
} connections SEC(".maps");

/* At the places of `connections`; only those of IPv6 are read. */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(map_flags, BPF_F_MMAPABLE);
	__uint(max_entries, CONNECTIONS_DEFAULT);
	__type(key, __u32);
	__type(value, struct ends);
} addresses6 SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__uint(max_entries, CONNECTIONS_DEFAULT);
	__type(key, struct template_key);
	__type(value, struct template);
} templates SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__uint(max_entries, CONNECTIONS_DEFAULT);
	__type(key, struct reply_key);
	__type(value, struct reply);
} replies SEC(".maps");

/* Evicted when it is full: whoever sends pieces without end loses pieces. */
struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, PIECES_MAX);
	__type(key, struct piece_key);
	__type(value, struct piece);
} pieces SEC(".maps");

/* Not preallocated, so that a replaced value outlives the packets that are reading it. */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__uint(max_entries, SERVICES_MAX);
	__type(key, struct endpoint_key);
	__type(value, struct service);
} services SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__uint(max_entries, 2 * SERVICES_MAX);
	__type(key, __u32);
	__type(value, struct places);
} schedule_tables SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__uint(max_entries, LOCALITIES_MAX);
	__type(key, struct locality_key);
	__type(value, struct locality);
} localities SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__uint(max_entries, DESTINATIONS_MAX);
	__type(key, struct endpoint_key);
	__type(value, struct real);
} reals SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(map_flags, BPF_F_MMAPABLE);
	__uint(max_entries, DESTINATIONS_MAX);
	__type(key, __u32);
	__type(value, struct destination);
} destinations SEC(".maps");

/* At the places of `destinations`. */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, DESTINATIONS_MAX);
	__type(key, __u32);
	__type(value, struct tunnel);
} tunnels SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__uint(max_entries, DESTINATIONS_MAX);
	__type(key, __u32);
	__type(value, struct sources);
} sources SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__uint(max_entries, CONNECTIONS_DEFAULT);
	__type(key, struct borrowed_key);
	__type(value, struct borrowed);
} borrowed SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__uint(max_entries, CONNECTIONS_DEFAULT);
	__type(key, __u32);
	__type(value, struct translation);
} translations SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, DESTINATIONS_MAX);
	__type(key, __u32);
	__type(value, struct load);
} loads SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, DESTINATIONS_MAX);
	__type(key, __u32);
	__type(value, struct limit);
} limits SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, DESTINATIONS_MAX);
	__type(key, __u32);
	__type(value, struct counters);
} counters SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__uint(max_entries, 1024);
	__type(key, __u32);
	__type(value, struct interface);
} interfaces SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct pressure);
} pressure_map SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct event_counts);
} events SEC(".maps");

/* A global, so that the check that all traffic pays needs no lookup. User space sees it as a map. */
struct filter filter SEC(".data.filter") = {};

const volatile struct tuning tuning SEC(".rodata.tuning") = {};

static __always_inline void count_event(enum event event)
{
	__u32 zero = 0;
	struct event_counts *all = bpf_map_lookup_elem(&events, &zero);

	if (all)
		all->counts[event & 15]++;
}

/* Seconds would be too long for CLOSE, jiffies would dirty a connection with every packet. */
static __always_inline __u32 coarse_now(void)
{
	return bpf_jiffies64() >> (tuning.clock_shift & 31);
}

static __always_inline __u32 units_of(__u32 seconds)
{
	return ((__u64)seconds * tuning.jiffies_per_second) >> (tuning.clock_shift & 31);
}

static __always_inline int is_past(__u32 when, __u32 now)
{
	return (__s32)(now - when) >= 0;
}

#endif
