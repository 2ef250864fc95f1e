/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* What user space runs by itself: taking out entries whose time is over. */
#ifndef KEELSON_SWEEP_H
#define KEELSON_SWEEP_H

#include "admit.h"

struct sweep {
	struct sweep_report report;
	__u32 now;
	__u32 localities; /* that are remembered */
};

static long sweep_connection(__u32 place, void *data)
{
	struct sweep *sweep = data;
	struct connection *connection = numbered(place + 1);

	if (!connection || !(connection->word & CONNECTION_USED))
		return 0;
	if ((is_past(connection->expires, sweep->now) && retire(place + 1)) ||
	    ((settings.flags & SETTING_EXPIRE_NODEST) && expire_without_destination(connection)))
		sweep->report.connections_removed++;
	else
		sweep->report.connections++;
	return 0;
}

static long sweep_template(void *map, struct template_key *key, struct template *template,
			   struct sweep *sweep)
{
	struct template_key copy = *key;

	if (is_past(template->expires, sweep->now)) {
		if (template->controlled == 0) {
			count_persistent(template->destination, -1);
			bpf_map_delete_elem(&templates, &copy);
			sweep->report.templates_removed++;
			return 0;
		}
		template_rearm(template, sweep->now);
	}
	sweep->report.templates++;
	return 0;
}

/* Above so many addresses those that were not asked for in a while go before their time. */
#define LOCALITIES_WANTED 16384
#define LOCALITY_IDLE_SECONDS 360

static long count_locality(void *map, struct locality_key *key, struct locality *locality,
			   struct sweep *sweep)
{
	sweep->localities++;
	return 0;
}

static long sweep_locality(void *map, struct locality_key *key, struct locality *locality,
			   struct sweep *sweep)
{
	struct locality_key copy = *key;
	__u32 lifetime = locality->rule == SCHEDULER_LBLC ? settings.lblc_expiration :
							    settings.lblcr_expiration;

	if (sweep->localities > LOCALITIES_WANTED && lifetime > units_of(LOCALITY_IDLE_SECONDS))
		lifetime = units_of(LOCALITY_IDLE_SECONDS);
	if (!is_past(locality->used + lifetime, sweep->now))
		return 0;
	bpf_map_delete_elem(&localities, &copy);
	return 0;
}

static __always_inline void sweep_localities(struct sweep *sweep)
{
	bpf_for_each_map_elem(&localities, count_locality, sweep, 0);
	if (sweep->localities > 0)
		bpf_for_each_map_elem(&localities, sweep_locality, sweep, 0);
}

static __always_inline void sweep_all(struct sweep_report *report)
{
	struct pressure *pressure = pressure_now();
	struct sweep sweep = {.now = coarse_now()};

	if (!pressure)
		return;
	bpf_loop(pressure->begun, sweep_connection, &sweep, 0);
	bpf_for_each_map_elem(&templates, sweep_template, &sweep, 0);
	sweep_localities(&sweep);
	pressure->sweeps++;
	*report = sweep.report;
}

#endif
