/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* The way out: MAC addresses and the interface. A destination's next hop is kept ready by user space; a
 * reply goes back to where its client's last packet came from. */
#ifndef KEELSON_FORWARD_H
#define KEELSON_FORWARD_H

#include "connection.h"
#include "nat.h"

#define AF_INET 2
#define AF_INET6 10

static __always_inline const struct next_hop *hop_of(const struct destination *destination)
{
	return &destination->hops[destination->flags & DESTINATION_SECOND_HOP ? 1 : 0];
}

static __always_inline void count_in(__u32 index, __u16 length)
{
	__u32 slot = index & (DESTINATIONS_MAX - 1);
	struct counters *counted = bpf_map_lookup_elem(&counters, &slot);

	if (counted) {
		counted->in_packets++;
		counted->in_bytes += length;
	}
}

static __always_inline void count_out(__u32 index, __u16 length)
{
	__u32 slot = index & (DESTINATIONS_MAX - 1);
	struct counters *counted = bpf_map_lookup_elem(&counters, &slot);

	if (counted) {
		counted->out_packets++;
		counted->out_bytes += length;
	}
}

/* The frame's addresses towards a real server. */
static __always_inline void address_frame(void *data, const __u32 *link)
{
	__u32 *header = data;

	header[0] = link[0];
	header[1] = link[1];
	header[2] = link[2];
}

/* The frame's addresses back to a client: those it came with, exchanged. */
static __always_inline void address_reply(void *data, const __u32 *link)
{
	const __u16 *from = (const __u16 *)link;
	__u16 *header = data;

	header[0] = from[3];
	header[1] = from[4];
	header[2] = from[5];
	header[3] = from[0];
	header[4] = from[1];
	header[5] = from[2];
}

/* XDP's or tc's number for "send it out there". */
static __always_inline int send(void *ctx, enum front front, __u32 ifindex)
{
	if (front == FRONT_XDP && ifindex == ifindex_of(ctx, front))
		return XDP_TX;
	return bpf_redirect(ifindex, 0);
}

/* The route is known, the MAC is not: the kernel resolves it and holds the packet meanwhile. */
static __noinline int send_unresolved(void *ctx, const struct destination *destination,
					   const struct next_hop *hop)
{
	const struct address *gateway =
		&destination->gateways[destination->flags & DESTINATION_SECOND_HOP ? 1 : 0];
	struct bpf_redir_neigh neighbour = {.nh_family = AF_INET6};

	if (hop->family == IPV4) {
		neighbour.nh_family = AF_INET;
		neighbour.ipv4_nh = gateway->words[0];
	} else {
		__builtin_memcpy(neighbour.ipv6_nh, gateway, sizeof(*gateway));
	}
	return bpf_redirect_neigh(hop->ifindex, &neighbour, sizeof(neighbour), 0);
}

static __always_inline int pass(enum front front)
{
	return front == FRONT_XDP ? XDP_PASS : -1 /* TC_ACT_UNSPEC: the next filter decides */;
}

static __always_inline int drop(enum front front)
{
	return front == FRONT_XDP ? XDP_DROP : 2 /* TC_ACT_SHOT */;
}

#endif
