/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* The first packet of a connection, and every packet that an established one does not simply take:
 * expired entries, reused ports, a flood of SYNs, a full table. Not inlined into the fast path. */
#ifndef KEELSON_ADMIT_H
#define KEELSON_ADMIT_H

#include "copy.h"
#include "insert.h"
#include "schedule.h"

#define FTP_DATA_PORT 20
#define FTP_PORT 21
#define NOT_IN_TABLE -1

static __noinline struct service *service_of(const struct flow *flow)
{
	struct endpoint_key key = {
		.address = flow->ends.virtual_address,
		.port = flow->at.key.virtual_port,
		.protocol = flow->at.key.protocol,
		.family = flow->at.key.family,
	};
	struct service *service = bpf_map_lookup_elem(&services, &key);

	if (service || !(flow->filter & FILTER_ANY_PORT))
		return service;
	key.port = 0;
	return bpf_map_lookup_elem(&services, &key);
}

/* Whether a destination takes no new connections: only asked where an administrator wants it known. */
static __noinline int is_quiesced(struct service *service, __u32 destination, __u8 generation)
{
	const struct candidate *candidate;

	if (!service)
		return 0;
	candidate = candidate_at(service, place_of_member(service, destination | (__u32)generation << 24));
	return !candidate || candidate->weight == 0;
}

/* A search for the candidate of a template, by address and, if there are several, port. */
struct resemblance {
	struct service *service;
	const struct destination *destination;
	__u32 same_host;
	__u32 same_port;
};

static long resemble_step(__u32 index, void *data)
{
	struct resemblance *walk = data;
	const struct candidate *candidate = candidate_at(walk->service, index);

	if (!candidate || !same_address(&candidate->address, &walk->destination->address))
		return 0;
	if (walk->same_host == NOBODY)
		walk->same_host = index;
	if (candidate->port != walk->destination->port)
		return 0;
	walk->same_port = index;
	return 1;
}

/* The place of a template's real server among the candidates: another service of the group may have made
 * the template. NOBODY when this one does not have it. */
static __noinline int place_of_template(struct service *service, const struct template *template)
{
	struct resemblance walk = {.service = service, .same_host = NOBODY, .same_port = NOBODY};

	if (!service->persistence_group)
		return place_of_member(service,
				       template->destination | (__u32)template->generation << 24);
	walk.destination = destination_at(template->destination);
	if (!walk.destination || walk.destination->generation != template->generation)
		return NOBODY;
	bpf_loop(service->count, resemble_step, &walk, 0);
	return walk.same_port != NOBODY ? walk.same_port : walk.same_host;
}

/* The candidate that a template leads to: the scheduler is not asked, and weight 0 ends it only where that
 * is set. 0: the template is not valid. */
static __always_inline int fill_from_template(struct candidate *to, struct service *service,
					      const struct template *template)
{
	const struct candidate *candidate = candidate_at(service, place_of_template(service, template));

	if (!candidate || (candidate->weight == 0 && (settings.flags & SETTING_EXPIRE_QUIESCENT)))
		return 0;
	*to = *candidate;
	return 1;
}

static __always_inline void count_persistent(__u32 destination, __s32 change)
{
	struct load *load = load_at(destination);

	if (!load)
		return;
	__sync_fetch_and_add(&load->persistent, change);
	/* Templates are not part of the sum that thresholds are about, but they make IPVS look at it. */
	if (change > 0)
		limit_after_bind(destination, load);
	else
		limit_after_unbind(destination, load);
}

static __noinline int template_create(const struct template_key *key,
				      const struct connection *connection, __u32 timeout, __u32 now)
{
	struct template fresh = {
		.destination = connection->destination,
		.generation = connection->generation,
		.expires = now + timeout,
		.timeout = timeout,
		.controlled = 1,
	};
	struct template *old = bpf_map_lookup_elem(&templates, key);

	if (old)
		count_persistent(old->destination, -1);
	if (bpf_map_update_elem(&templates, key, &fresh, BPF_ANY) == 0) {
		count_persistent(fresh.destination, 1);
		return 1;
	}
	if (old)
		bpf_map_delete_elem(&templates, key);
	return 0;
}

/* Whether the machine is under so many half-open connections that a SYN leaves no trace. */
static __always_inline int is_flooded(const struct pressure *pressure)
{
	return pressure && pressure->half_open >= tuning.half_open_max;
}

/* A connection that leaves no trace beyond this packet stays where it was made: in `scratch`. */
static __always_inline int pass_through(struct connection *fresh)
{
	fresh->word |= CONNECTION_DEAD;
	return NOT_IN_TABLE;
}

static __always_inline void remember_flood(struct pressure *pressure, __u32 now)
{
	__u32 until = now + tuning.stateless_grace;

	if (pressure && pressure->stateless_until != until)
		pressure->stateless_until = until;
	count_event(EVENT_STATELESS);
}

/* Whether a packet asks for a new connection, whatever is known of its ports. */
static __always_inline int begins(__u8 protocol, __u8 event)
{
	if (protocol == PROTOCOL_SCTP)
		return event == SCTP_ON_INIT;
	return protocol == IPPROTO_TCP && (event & TCP_SYN);
}

/* A client that uses its port again begins a new connection, unless a template has its say. */
static __always_inline int begins_anew(const struct flow *flow, const struct connection *connection)
{
	__u32 state = connection->word & CONNECTION_STATE;

	if (!begins(flow->at.key.protocol, flow->tcp_flags))
		return 0;
	if ((settings.flags & SETTING_EXPIRE_NODEST) &&
	    is_quiesced(service_of(flow), connection->destination, connection->generation))
		return 1;
	if (!settings.reuse || connection->prefix)
		return 0;
	if (flow->at.key.protocol == PROTOCOL_SCTP)
		return state == SCTP_STATE_CLOSED;
	if (state == STATE_TIME_WAIT || state == STATE_CLOSE)
		return 1;
	return state == STATE_FIN_WAIT && (settings.reuse & REUSE_FIN_WAIT) &&
	       (connection->word & CONNECTION_NO_OUTPUT);
}

/* Which existing entries a packet may not simply use. */
static __always_inline int is_over(const struct flow *flow, const struct connection *connection)
{
	return (connection->word & CONNECTION_DEAD) || is_past(connection->expires, flow->now) ||
	       begins_anew(flow, connection);
}

/* Where it is set, a connection ends when its real server is taken out, and a packet may begin another. */
static __noinline int expire_without_destination(struct connection *connection)
{
	const struct destination *destination = destination_at(connection->destination);

	if (destination && (destination->flags & DESTINATION_AVAILABLE) &&
	    destination->generation == connection->generation)
		return 0;
	return retire(connection->number);
}

/* After a flood a packet's SYN may have been one of those that left no trace. */
static __always_inline int may_lack_trace(const struct flow *flow, const struct pressure *pressure)
{
	return pressure && pressure->stateless_until && !is_past(pressure->stateless_until, flow->now);
}

static __always_inline int may_begin(const struct flow *flow, const struct pressure *pressure)
{
	if (flow->at.key.client_port == bpf_htons(FTP_DATA_PORT))
		return 0;
	if (flow->at.key.protocol == IPPROTO_UDP)
		return 1;
	if (flow->at.key.protocol == PROTOCOL_SCTP)
		return flow->tcp_flags == SCTP_ON_INIT || (settings.flags & SETTING_SLOPPY_SCTP);
	if (flow->tcp_flags & TCP_RST)
		return 0;
	return (flow->tcp_flags & TCP_SYN) || (settings.flags & SETTING_SLOPPY_TCP) ||
	       may_lack_trace(flow, pressure);
}

/* Whether the packet's port is the service's own; else the service takes any port. */
static __noinline int is_own_port(const struct flow *flow)
{
	struct endpoint_key exact = {
		.address = flow->ends.virtual_address,
		.port = flow->at.key.virtual_port,
		.protocol = flow->at.key.protocol,
		.family = flow->at.key.family,
	};

	return exact.port && bpf_map_lookup_elem(&services, &exact);
}

/* The key of a client's template: by the service's port, or for all ports where it takes any, and for FTP,
 * whose data connections follow. */
static __always_inline void key_template(struct template_key *of, const struct flow *flow,
					 const struct service *service, int own_port)
{
	__be16 port = flow->at.key.virtual_port;

	template_key(of, &flow->at.key, &flow->ends, service->persistence_prefix & 255,
		     own_port && port != bpf_htons(FTP_PORT) ? port : 0);
	if (service->persistence_group)
		share_template(of, service->persistence_group);
}

/* Binds a connection to the template that chose for it, or to a new one. */
static __always_inline void hold_template(struct connection *fresh, struct template *template,
					  const struct template_key *of,
					  const struct service *service, __u32 now)
{
	if (template) {
		__sync_fetch_and_add(&template->controlled, 1);
		template->expires = now + template->timeout;
	} else if (!template_create(of, fresh, units_of(service->persistence_seconds), now)) {
		return;
	}
	fresh->prefix = service->persistence_prefix + 1;
	fresh->template_port = of->virtual_port;
	if (service->persistence_group)
		fresh->word |= CONNECTION_GROUP;
}

/* Asks the scheduler, or without memory the client's address. 0: nobody takes new connections. */
static __always_inline int pick(struct service *service, const struct flow *flow, struct candidate *to,
			   int stateless)
{
	__u32 place = stateless ? choose_by_hash(service, &flow->at.key) : choose(service, flow);
	const struct candidate *chosen = candidate_at(service, place);

	if (!chosen)
		return 0;
	*to = *chosen;
	return 1;
}

/* Other directors hear of a template when it gets a connection, of the connection when it stands. */
static __noinline int begin_telling(__u32 number, __u32 now)
{
	struct connection *connection = numbered(number);

	if (!connection)
		return 0;
	begin_copy(connection, 0, STATE_NONE, now);
	return tell(connection, 0);
}

/* The number of the connection that this packet belongs to from here on, NOT_IN_TABLE for the one in
 * `scratch`, or 0 for none and flow->verdict. */
__noinline int admit(struct flow *flow)
{
	struct scratch *scratch = scratch_now();
	struct pressure *pressure = pressure_now();
	struct connection *fresh, *connection;
	struct candidate *candidate;
	struct template_key *of;
	struct template *template = 0;
	struct service *service;
	int is_syn, stateless, own_port = 1;
	__u32 number;

	if (!flow || !scratch)
		return 0;
	fresh = &scratch->connection;
	candidate = &scratch->candidate;
	of = &scratch->of;
	flow->verdict = VERDICT_PASS;
	connection = find_flow(&flow->at, &flow->ends);
	if (connection) {
		if (!is_over(flow, connection))
			return connection->number;
		retire(connection->number);
	}
	if (!addressed_to_us(flow)) {
		count_event(EVENT_NOT_FOR_US);
		return 0;
	}
	service = service_of(flow);
	if (!service)
		return 0;
	if (!may_begin(flow, pressure)) {
		count_event(EVENT_NOT_A_SYN);
		return 0;
	}
	is_syn = flow->at.key.protocol == IPPROTO_TCP && (flow->tcp_flags & TCP_SYN);
	stateless = flow->at.key.protocol == IPPROTO_TCP &&
		    ((!is_syn && may_lack_trace(flow, pressure)) || is_flooded(pressure));

	if (service->flags & SERVICE_PERSISTENT) {
		own_port = is_own_port(flow);
		key_template(of, flow, service, own_port);
		template = template_find(of, flow->now);
	}
	if (!template || !fill_from_template(candidate, service, template)) {
		template = 0;
		if (!pick(service, flow, candidate, stateless)) {
			count_event(EVENT_NO_DESTINATION);
			flow->verdict = VERDICT_REFUSE;
			return 0;
		}
	}
	/* A persistent service for any port keeps the port that the client asked for. */
	if (!own_port)
		candidate->port = 0;
	fill(fresh, flow, candidate);
	if ((service->flags & SERVICE_ONE_PACKET) && flow->at.key.protocol == IPPROTO_UDP) {
		if (service->flags & SERVICE_PERSISTENT) {
			hold_template(fresh, template, of, service, flow->now);
			fresh->expires = flow->now;
			template_release(fresh, &flow->ends);
		}
		count_connection(fresh);
		return pass_through(fresh);
	}
	if (is_syn && stateless) {
		count_connection(fresh);
		remember_flood(pressure, flow->now);
		return pass_through(fresh);
	}
	if (service->flags & SERVICE_PERSISTENT)
		hold_template(fresh, template, of, service, flow->now);
	number = remember(flow, fresh);
	if (number) {
		count_connection(fresh);
		if (settings.flags & SETTING_COPYING)
			begin_telling(number, flow->now);
		return number;
	}
	if (fresh->prefix)
		template_release(fresh, &flow->ends);
	else if (!stateless && pick(service, flow, candidate, 1))
		fill(fresh, flow, candidate);
	remember_flood(pressure, flow->now);
	return pass_through(fresh);
}

#endif
