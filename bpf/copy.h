/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* Telling user space which connections other directors should hear of, by IPVS's rules. What a rule
 * counts stands beside the connections, so that it costs nothing where nobody is told. */
#ifndef KEELSON_COPY_H
#define KEELSON_COPY_H

#include "connection.h"

#define COPY_NOTES_MAX 16384

/* Values of `copies`, at the connection's place. */
struct copy {
	__u32 packets; /* of the client, since somebody is told */
	__u32 ends; /* when it would have ended, at the last note: coarse clock */
	__u8 state; /* at the last note */
	__u8 retries;
	__u8 zero[2];
};

#define NOTE_CONNECTION 1u
#define NOTE_TEMPLATE 2u

/* Values of `copy_notes`. */
struct copy_note {
	__u32 number; /* of the connection */
	__u32 what; /* NOTE_ */
	struct template_key of; /* with NOTE_TEMPLATE */
};

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(map_flags, BPF_F_MMAPABLE);
	__uint(max_entries, CONNECTIONS_DEFAULT);
	__type(key, __u32);
	__type(value, struct copy);
} copies SEC(".maps");

/* Bounded: a note that finds no room is lost and counted, and the connection's next one comes. */
struct {
	__uint(type, BPF_MAP_TYPE_QUEUE);
	__uint(max_entries, COPY_NOTES_MAX);
	__type(value, struct copy_note);
} copy_notes SEC(".maps");

/* Where a note is written: the stack has no room for it. */
struct noting {
	struct copy_note note;
	struct ends ends;
};

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct noting);
} noting_map SEC(".maps");

#define STATES_TCP_COPIED ((1u << ES) | (1u << FW) | (1u << CL) | (1u << CW) | (1u << TW))
/* ESTABLISHED, the three of SHUTDOWN, CLOSED */
#define STATES_SCTP_COPIED ((1u << 8) | (1u << 9) | (1u << 10) | (1u << 11) | (1u << 13))
#define STATE_SCTP_ESTABLISHED 8

static __noinline int tell(struct connection *connection, __u32 what)
{
	__u32 zero = 0;
	struct noting *noting = bpf_map_lookup_elem(&noting_map, &zero);
	struct copy_note *note;

	if (!noting)
		return 0;
	note = &noting->note;
	note->number = connection->number;
	note->what = what;
	if (connection->prefix) {
		ends_of(&noting->ends, connection);
		template_key_of(&note->of, connection, &noting->ends);
		note->what |= NOTE_TEMPLATE;
	}
	if (note->what && bpf_map_push_elem(&copy_notes, note, 0))
		count_event(EVENT_COPY_LOST);
	return 0;
}

static __always_inline struct copy *copy_of(const struct connection *connection)
{
	__u32 place = connection->number - 1;

	return bpf_map_lookup_elem(&copies, &place);
}

/* A connection that is new here: made by a packet, or told by another director. */
static __always_inline void begin_copy(const struct connection *connection, __u32 packets, __u32 state,
				       __u32 now)
{
	struct copy *copy = copy_of(connection);

	if (!copy)
		return;
	copy->packets = packets;
	copy->ends = now;
	copy->state = state;
	copy->retries = 0;
}

/* With sync_refresh_period: whether the last note is recent enough. */
static __always_inline int is_fresh(struct copy *copy, __u32 ends, __u32 timeout, __u32 now)
{
	__u32 apart = (__s32)(ends - copy->ends) < 0 ? copy->ends - ends : ends - copy->ends;
	__u32 least = timeout / 2 > units_of(10) ? timeout / 2 : units_of(10);

	if (apart >= (settings.sync_refresh < least ? settings.sync_refresh : least)) {
		copy->retries = 0;
		return 0;
	}
	if (copy->retries >= settings.sync_retries)
		return 1;
	if (!is_past(copy->ends - timeout + settings.sync_refresh / 8, now))
		return 1;
	copy->retries++;
	return 0;
}

/* After each packet of a client, its state counted in. */
static __noinline int consider_copy(struct connection *connection, __u32 now)
{
	__u32 state = connection->word & CONNECTION_STATE;
	__u8 protocol = connection->key.protocol;
	struct copy *copy = copy_of(connection);
	__u32 packets, timeout, established = STATE_ESTABLISHED, copied = STATES_TCP_COPIED;
	int has_changed;

	if (!copy || (connection->word & CONNECTION_DEAD))
		return 0;
	packets = ++copy->packets;
	has_changed = state != copy->state;
	if (protocol == IPPROTO_SCTP) {
		established = STATE_SCTP_ESTABLISHED;
		copied = STATES_SCTP_COPIED;
	}
	timeout = timeout_of(protocol, state);
	if (connection->prefix && (settings.flags & SETTING_SYNC_PERSIST)) {
		/* Only the template goes: when it is new, and when it has become an assured one. */
		if (!has_changed || state != established)
			return 0;
		copy->state = state;
		return tell(connection, 0);
	}
	if (protocol == IPPROTO_TCP || protocol == IPPROTO_SCTP) {
		if (!((copied >> (state & 31)) & 1))
			return 0;
	} else {
		has_changed = 0;
	}
	if (!has_changed || state == established) {
		if (settings.sync_refresh && is_fresh(copy, now + timeout, timeout, now))
			return 0;
		if (settings.sync_period) {
			if (packets % settings.sync_period != settings.sync_threshold)
				return 0;
		} else if (!settings.sync_refresh && packets != settings.sync_threshold) {
			return 0;
		}
	}
	copy->state = state;
	copy->ends = now + timeout;
	return tell(connection, NOTE_CONNECTION);
}

#endif
