/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* Persistence: a template keeps a client's network on one real server. Its timeout starts anew with each
 * connection; when it is over while connections hold it, it lives on in steps of 60 s, as in IPVS. */
#ifndef KEELSON_TEMPLATE_H
#define KEELSON_TEMPLATE_H

#include "maps.h"
#include "parse.h"
#include "table.h"

/* Under which port templates of a group stand; those of a firewall mark stand under 0. */
#define GROUP_PORT 1

static __always_inline __be32 network_of(__be32 address, __u32 prefix)
{
	if (prefix == 0)
		return 0;
	return address & bpf_htonl(0xffffffffu << ((32 - prefix) & 31));
}

/* Prefix lengths count from the first word: an IPv4 address has no more. */
static __always_inline void template_key(struct template_key *to, const struct connection_key *from,
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
}

/* Makes it the key of all services of one group, whatever their protocols, addresses and ports. */
static __always_inline void share_template(struct template_key *to, __u32 group)
{
	set_address4(&to->virtual_address, bpf_htonl(group));
	to->virtual_port = bpf_htons(GROUP_PORT);
	to->protocol = 0;
}

/* The key of the template that a connection holds. */
static __always_inline void template_key_of(struct template_key *to, const struct connection *connection,
					    const struct ends *ends)
{
	__u32 slot = connection->destination & (DESTINATIONS_MAX - 1);
	const struct destination *destination;

	template_key(to, &connection->key, ends, connection->prefix - 1, connection->template_port);
	if (!(connection->word & CONNECTION_GROUP))
		return;
	destination = bpf_map_lookup_elem(&destinations, &slot);
	if (destination)
		share_template(to, destination->persistence_group);
}

/* Whether a template is still the one that brought a connection here: another may have taken its place.
 * That of a group may lead to another service's destination on the same host. */
static __always_inline int template_holds(const struct template *template,
					  const struct connection *connection)
{
	__u32 slots[2] = {
		template->destination & (DESTINATIONS_MAX - 1),
		connection->destination & (DESTINATIONS_MAX - 1),
	};
	const struct destination *to, *own;

	if (template->destination == connection->destination)
		return template->generation == connection->generation;
	if (!(connection->word & CONNECTION_GROUP))
		return 0;
	to = bpf_map_lookup_elem(&destinations, &slots[0]);
	own = bpf_map_lookup_elem(&destinations, &slots[1]);
	return to && own && same_address(&to->address, &own->address);
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
	template_key_of(&of, connection, &ends);
	template = bpf_map_lookup_elem(&templates, &of);
	if (template && template_holds(template, connection))
		template->assured = 1;
	return 0;
}

/* A connection that ends lets go of its template; the last one may leave it 60 s steps to live. */
static __noinline int template_release(const struct connection *connection, const struct ends *ends)
{
	struct template_key of;
	struct template *template;

	template_key_of(&of, connection, ends);
	template = bpf_map_lookup_elem(&templates, &of);
	if (!template || template->controlled == 0 || !template_holds(template, connection))
		return 0;
	template_rearm(template, connection->expires);
	__sync_fetch_and_add(&template->controlled, -1);
	return 0;
}

#endif
