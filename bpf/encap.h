/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* TUN: the client's packet travels inside another one to the real server.
 *
 *   Ethernet 14 | outer IP 20 or 40 | GUE: UDP 8, header 4; GRE: header 4, checksum 4 | the client's packet
 *
 * The checksum of GUE and GRE covers the client's packet, but nobody reads it: TCP and UDP with a right
 * checksum add up to what their pseudo-header leaves, whether a network card has still to complete it or
 * not. A damaged packet gets a wrong checksum outside, too, and ends at the real server either way. */
#ifndef KEELSON_ENCAP_H
#define KEELSON_ENCAP_H

#include <linux/ipv6.h>
#include <linux/udp.h>

#include "forward.h"
#include "inner.h"
#include "look.h"

#define ECN_MASK 3
#define ECN_CONGESTED 3
#define ECN_CAPABLE 2
#define GUE_LENGTH 12 /* with UDP */
#define GRE_LENGTH 4
#define GRE_CHECKED_LENGTH 8
#define GRE_CHECKED 0x8000
#define GUE_FIRST_PORT 0xc000
#define SUM_CHUNK 64
#define SUM_CHUNKS_MAX 144 /* a jumbo frame */

static __always_inline struct tunnel *tunnel_at(__u32 index)
{
	__u32 slot = index & (DESTINATIONS_MAX - 1);

	return bpf_map_lookup_elem(&tunnels, &slot);
}

static __always_inline __u32 tunnel_length(const struct tunnel *tunnel, int checks)
{
	if (tunnel->type == TUNNEL_GUE)
		return GUE_LENGTH;
	if (tunnel->type == TUNNEL_GRE)
		return checks ? GRE_CHECKED_LENGTH : GRE_LENGTH;
	return 0;
}

static __always_inline __u32 overhead_of(const struct tunnel *tunnel, __u8 family, int checks)
{
	__u32 ip = family == IPV6 ? sizeof(struct ipv6hdr) : sizeof(struct iphdr);

	return ip + tunnel_length(tunnel, checks);
}

/* How long a packet may be that goes into a tunnel. */
static __always_inline __u32 tunnel_room(const struct tunnel *tunnel, const struct next_hop *hop, __u8 family,
					 __u32 now)
{
	__u32 mtu = hop->mtu;

	if (tunnel->path_mtu && tunnel->path_mtu < mtu && !is_past(tunnel->path_mtu_until, now))
		mtu = tunnel->path_mtu;
	return mtu - overhead_of(tunnel, family, tunnel->checksummed);
}

struct summing {
	void *ctx;
	__u32 from;
	__u32 length;
	__u32 sum;
	__u32 failed;
};

static __always_inline long sum_chunk(__u32 i, struct summing *summing, enum front front)
{
	__u8 chunk[SUM_CHUNK] = {};
	__u32 at = i * SUM_CHUNK, left;

	if (at >= summing->length)
		return 1;
	left = summing->length - at;
	if (left > SUM_CHUNK)
		left = SUM_CHUNK;
	left--;
	asm volatile("" : "+r"(left)); /* the verifier wants to see that it is 1 to 64 */
	left = (left & (SUM_CHUNK - 1)) + 1;
	summing->failed = front == FRONT_XDP ?
				  bpf_xdp_load_bytes(summing->ctx, summing->from + at, chunk, left) :
				  bpf_skb_load_bytes(summing->ctx, summing->from + at, chunk, left);
	if (summing->failed)
		return 1;
	summing->sum = bpf_csum_diff(0, 0, (__be32 *)chunk, sizeof(chunk), summing->sum);
	return 0;
}

static long sum_chunk_xdp(__u32 i, void *context)
{
	return sum_chunk(i, context, FRONT_XDP);
}

static long sum_chunk_tc(__u32 i, void *context)
{
	return sum_chunk(i, context, FRONT_TC);
}

/* The sum of some bytes of a frame, or a negative number. */
static __always_inline __s64 sum_bytes(void *ctx, enum front front, __u32 from, __u32 length)
{
	struct summing summing = {.ctx = ctx, .from = from, .length = length};

	if (length > SUM_CHUNK * SUM_CHUNKS_MAX)
		return -1;
	bpf_loop(SUM_CHUNKS_MAX, front == FRONT_XDP ? sum_chunk_xdp : sum_chunk_tc, &summing, 0);
	return summing.failed ? -1 : fold(summing.sum);
}

static __always_inline __u8 outer_traffic_class(__u8 inner)
{
	return (inner & ECN_MASK) == ECN_CONGESTED ? (inner & ~ECN_MASK) | ECN_CAPABLE : inner;
}

static __always_inline __u8 outer_protocol(const struct tunnel *tunnel, const struct inner *inner)
{
	if (tunnel->type == TUNNEL_GUE)
		return IPPROTO_UDP;
	if (tunnel->type == TUNNEL_GRE)
		return IPPROTO_GRE;
	return inner->family == IPV6 ? IPPROTO_IPV6 : IPPROTO_IPIP;
}

/* Returns the sum of the outer addresses, of which GUE's checksum knows. */
static __always_inline __u64 write_outer4(struct iphdr *ip, const struct destination *destination,
					  const struct tunnel *tunnel, const struct inner *inner)
{
	const __u16 *words = (const __u16 *)ip;
	__u64 sum = 0;

	ip->version = 4;
	ip->ihl = 5;
	ip->tos = outer_traffic_class(inner->traffic_class);
	ip->tot_len = bpf_htons(inner->length + overhead_of(tunnel, IPV4, inner->checks));
	ip->id = inner->dont_fragment ? 0 : bpf_htons(inner->id);
	ip->frag_off = inner->dont_fragment ? bpf_htons(IP_DONT_FRAGMENT) : 0;
	ip->ttl = inner->ttl;
	ip->protocol = outer_protocol(tunnel, inner);
	ip->check = 0;
	ip->saddr = tunnel->source.words[0];
	ip->daddr = destination->address.words[0];
	for (int i = 0; i < 10; i++)
		sum += words[i];
	ip->check = ~fold(sum);
	return (__u64)ip->saddr + ip->daddr;
}

static __always_inline __u64 write_outer6(struct ipv6hdr *ip, const struct destination *destination,
					  const struct tunnel *tunnel, const struct inner *inner)
{
	__u64 sum = 0;

	*(__be32 *)ip = bpf_htonl(6u << 28 | (__u32)outer_traffic_class(inner->traffic_class) << 20);
	ip->payload_len = bpf_htons(inner->length + tunnel_length(tunnel, inner->checks));
	ip->nexthdr = outer_protocol(tunnel, inner);
	ip->hop_limit = inner->ttl;
	__builtin_memcpy(&ip->saddr, &tunnel->source, sizeof(tunnel->source));
	__builtin_memcpy(&ip->daddr, &destination->address, sizeof(destination->address));
	for (int i = 0; i < 4; i++)
		sum += (__u64)tunnel->source.words[i] + destination->address.words[i];
	return sum;
}

/* The part between both IP headers; `end_sum` is that of the outer addresses. */
static __always_inline void write_tunnel(__u16 *words, const struct tunnel *tunnel, const struct inner *inner,
					 __u64 end_sum)
{
	__u64 sum = inner->sum;

	if (tunnel->type == TUNNEL_GUE) {
		__u16 length = bpf_htons(inner->length + GUE_LENGTH);

		words[0] = bpf_htons(GUE_FIRST_PORT | (inner->hash & (0xffff - GUE_FIRST_PORT)));
		words[1] = tunnel->port;
		words[2] = length;
		words[3] = 0;
		words[4] = bpf_htons(inner->family == IPV6 ? IPPROTO_IPV6 : IPPROTO_IPIP);
		words[5] = 0;
		sum += end_sum + words[0] + words[1] + words[4] + length + length + bpf_htons(IPPROTO_UDP);
		if (inner->checks)
			words[3] = (__u16)~fold(sum) ?: 0xffff;
	} else if (tunnel->type == TUNNEL_GRE) {
		words[0] = 0;
		words[1] = bpf_htons(inner->family == IPV6 ? ETH_P_IPV6 : ETH_P_IP);
		if (!inner->checks)
			return;
		words[0] = bpf_htons(GRE_CHECKED);
		words[3] = 0;
		sum += words[0] + words[1];
		words[2] = ~fold(sum);
	}
}

/* Makes room behind the Ethernet header. Large frames shrink their segments by what the tunnel adds. */
static __always_inline int make_room(void *ctx, enum front front, const struct tunnel *tunnel,
				     const struct inner *inner, __u8 family)
{
	__u32 overhead = overhead_of(tunnel, family, inner->checks);
	__u64 flags = family == IPV6 ? BPF_F_ADJ_ROOM_ENCAP_L3_IPV6 : BPF_F_ADJ_ROOM_ENCAP_L3_IPV4;

	if (front == FRONT_XDP)
		return bpf_xdp_adjust_head(ctx, -(int)overhead);
	if (tunnel->type == TUNNEL_GUE)
		flags |= BPF_F_ADJ_ROOM_ENCAP_L4_UDP;
	if (tunnel->type == TUNNEL_GRE)
		flags |= BPF_F_ADJ_ROOM_ENCAP_L4_GRE;
	if (inner->protocol != IPPROTO_TCP)
		flags |= BPF_F_ADJ_ROOM_FIXED_GSO;
	return bpf_skb_adjust_room(ctx, overhead, BPF_ADJ_ROOM_MAC, flags);
}

static __always_inline int is_large(void *ctx, enum front front)
{
	return front != FRONT_XDP && ((struct __sk_buff *)ctx)->gso_size != 0;
}

/* Wraps the packet, whose TTL is already lowered; its Ethernet addresses are the caller's to write. */
static __always_inline int encapsulate(void *ctx, enum front front, const struct destination *destination,
				       const struct tunnel *tunnel, struct inner *inner)
{
	void *data, *end;
	__u64 end_sum;

	/* Each segment of a large frame would need a checksum of its own. */
	inner->checks = tunnel->checksummed && !is_large(ctx, front);
	if (inner->checks && !inner->sum_known) {
		__s64 sum = sum_bytes(ctx, front, ETH_HLEN, inner->length);

		if (sum < 0)
			return -1;
		inner->sum = sum;
	}
	if (make_room(ctx, front, tunnel, inner, destination->family))
		return -1;
	data = data_of(ctx, front);
	end = data_end_of(ctx, front);
	if (destination->family == IPV6) {
		struct ipv6hdr *ip = data + ETH_HLEN;

		if ((void *)(ip + 1) + GUE_LENGTH > end)
			return -1;
		*(__be16 *)(data + ETH_TYPE_OFFSET) = bpf_htons(ETH_P_IPV6);
		end_sum = write_outer6(ip, destination, tunnel, inner);
		write_tunnel((void *)(ip + 1), tunnel, inner, end_sum);
	} else {
		struct iphdr *ip = data + ETH_HLEN;

		if ((void *)(ip + 1) + GUE_LENGTH > end)
			return -1;
		*(__be16 *)(data + ETH_TYPE_OFFSET) = bpf_htons(ETH_P_IP);
		end_sum = write_outer4(ip, destination, tunnel, inner);
		write_tunnel((void *)(ip + 1), tunnel, inner, end_sum);
	}
	return 0;
}

/* The last of the way: the frame's addresses, and out. */
static __always_inline int send_to(void *ctx, enum front front, const struct destination *destination,
				   const struct next_hop *hop)
{
	void *data = data_of(ctx, front);

	if (front != FRONT_XDP && unlikely(hop->status == HOP_UNRESOLVED)) {
		count_event(EVENT_UNRESOLVED);
		return send_unresolved(ctx, destination, hop);
	}
	if (data + ETH_HLEN > data_end_of(ctx, front))
		return drop(front);
	address_frame(data, hop->link);
	return send(ctx, front, hop->ifindex);
}

static __always_inline int into_tunnel(void *ctx, enum front front, const struct destination *destination,
				       const struct next_hop *hop, const struct tunnel *tunnel)
{
	struct iphdr *ip = data_of(ctx, front) + ETH_HLEN;
	struct inner inner;

	if (!tunnel || (void *)(ip + 1) + sizeof(struct udphdr) > data_end_of(ctx, front))
		return drop(front);
	describe_inner4(&inner, ip);
	if (encapsulate(ctx, front, destination, tunnel, &inner))
		return drop(front);
	return send_to(ctx, front, destination, hop);
}

/* In a frame of its own: calls share 512 bytes of stack. */
static __noinline int into_tunnel_xdp(void *ctx, const struct destination *destination,
				      const struct next_hop *hop, const struct tunnel *tunnel)
{
	return into_tunnel(ctx, FRONT_XDP, destination, hop, tunnel);
}

static __noinline int into_tunnel_tc(void *ctx, const struct destination *destination,
				     const struct next_hop *hop, const struct tunnel *tunnel)
{
	return into_tunnel(ctx, FRONT_TC, destination, hop, tunnel);
}

/* A packet of any form. One that does not have the plain form is summed byte by byte where it must be. */
static __always_inline int into_tunnel_any(void *ctx, enum front front, const struct destination *destination,
					   const struct next_hop *hop, const struct tunnel *tunnel,
					   const struct seen *seen)
{
	void *ip = data_of(ctx, front) + ETH_HLEN, *end = data_end_of(ctx, front);
	__u32 header = seen->family == IPV6 ? sizeof(struct ipv6hdr) : sizeof(struct iphdr);
	struct inner inner;

	if (seen->family == IPV6) {
		if (ip + sizeof(struct ipv6hdr) + sizeof(struct udphdr) > end)
			return drop(front);
		describe_inner6(&inner, ip);
	} else {
		barrier_var(ip); /* the compiler must not make one check of both */
		if (ip + sizeof(struct iphdr) + sizeof(struct udphdr) > end)
			return drop(front);
		describe_inner4(&inner, ip);
	}
	if (seen->transport != ETH_HLEN + header || seen->piece)
		inner.sum_known = 0;
	if (encapsulate(ctx, front, destination, tunnel, &inner))
		return drop(front);
	return send_to(ctx, front, destination, hop);
}

#endif
