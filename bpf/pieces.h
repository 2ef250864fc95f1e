/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* Pieces of a packet (IP fragments): only the first has ports, so it is remembered what they were, and the
 * others follow it. A piece that comes before the first is the kernel's, and counted. */
#ifndef KEELSON_PIECES_H
#define KEELSON_PIECES_H

#include "look.h"

#define PIECES_SECONDS 30

static __always_inline void piece_key_of(struct piece_key *key, const struct seen *seen)
{
	__builtin_memset(key, 0, sizeof(*key));
	key->source = seen->source;
	key->target = seen->target;
	key->id = seen->fragment_id;
	key->protocol = seen->protocol;
	key->family = seen->family;
}

static __noinline int remember_piece(const struct seen *seen, __u32 now)
{
	struct piece piece = {.expires = now + units_of(PIECES_SECONDS)};
	struct piece_key key;

	piece.source_port = seen->ports.source;
	piece.target_port = seen->ports.target;
	piece_key_of(&key, seen);
	return bpf_map_update_elem(&pieces, &key, &piece, BPF_ANY);
}

/* Gives a later piece the ports of its first. 0: they are not known. */
static __noinline int recall_piece(struct seen *seen, __u32 now)
{
	const struct piece *piece;
	struct piece_key key;

	piece_key_of(&key, seen);
	piece = bpf_map_lookup_elem(&pieces, &key);
	if (!piece || is_past(piece->expires, now))
		return 0;
	seen->ports.source = piece->source_port;
	seen->ports.target = piece->target_port;
	return 1;
}

#endif
