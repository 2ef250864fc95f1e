/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* Persistence: a template keeps a client's network on one real server. Its timeout starts anew with each
 * connection; when it is over while connections hold it, it lives on in steps of 60 s, as in IPVS. */
#ifndef KEELSON_TEMPLATE_H
#define KEELSON_TEMPLATE_H

#include "maps.h"
#include "parse.h"
#include "table.h"

static __always_inline __be32 network_of(__be32 address, __u32 prefix)
{
	if (prefix == 0)
		return 0;
	return address & bpf_htonl(0xffffffffu << ((32 - prefix) & 31));
}

/* Prefix lengths count from the first word: an IPv4 address has no more. */
static __noinline int template_key(struct template_key *to, const struct connection_key *from,
				   const struct ends *ends, __u32 prefix, __be16 port)
{
	__builtin_memset(to, 0, sizeof(*to));
	for (int i = 0; i < 4; i++) {
		__u32 before = i * 32;
		__u32 bits = prefix > before ? prefix - before : 0;

		to->client.words[i] = network_of(ends->client.words[i], bits > 32 ? 32 : bits);
	}
	to->virtual_address = ends->virtual_address;
	to->virtual_port = port;
	to->protocol = from->protocol;
	to->family = from->family;
	return 0;
}

/* Both ends of a connection in the table. */
static __always_inline void ends_of(struct ends *to, const struct connection *connection)
{
	const struct ends *own = ends_numbered(connection->number);

	if (connection->key.family == IPV6 && own) {
		*to = *own;
		return;
	}
	set_address4(&to->client, connection->key.client);
	set_address4(&to->virtual_address, connection->key.virtual_address);
}

/* The template's deadline as of `now`: pushed on in steps while connections hold it. */
static __always_inline void template_rearm(struct template *template, __u32 now)
{
	__u32 step = tuning.template_rearm ?: 1;

	if (!is_past(template->expires, now))
		return;
	template->expires += ((now - template->expires) / step + 1) * step;
	template->timeout = step;
}

static __always_inline struct template *template_find(const struct template_key *key, __u32 now)
{
	struct template *template = bpf_map_lookup_elem(&templates, key);

	if (!template)
		return 0;
	if (is_past(template->expires, now)) {
		if (template->controlled == 0)
			return 0;
		template_rearm(template, now);
	}
	return template;
}

static __noinline int template_assure(const struct connection *connection)
{
	struct template_key of;
	struct template *template;
	struct ends ends;

	ends_of(&ends, connection);
	template_key(&of, &connection->key, &ends, connection->prefix - 1, connection->template_port);
	template = bpf_map_lookup_elem(&templates, &of);
	if (template && template->destination == connection->destination)
		template->assured = 1;
	return 0;
}

/* A connection that ends lets go of its template; the last one may leave it 60 s steps to live. */
static __always_inline int let_go(const struct connection *connection, const struct ends *ends)
{
	struct template_key of;
	struct template *template;

	template_key(&of, &connection->key, ends, connection->prefix - 1, connection->template_port);
	template = bpf_map_lookup_elem(&templates, &of);
	if (!template || template->destination != connection->destination ||
	    template->generation != connection->generation || template->controlled == 0)
		return 0;
	template_rearm(template, connection->expires);
	__sync_fetch_and_add(&template->controlled, -1);
	return 0;
}

static __noinline int template_release(const struct connection *connection, const struct ends *ends)
{
	return let_go(connection, ends);
}

#endif
