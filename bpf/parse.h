/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* What a packet is. The fast path knows one shape: Ethernet, IPv4 without options, TCP or UDP, whole.
 * Everything else to a virtual address is counted and left to the kernel. */
#ifndef KEELSON_PARSE_H
#define KEELSON_PARSE_H

#include <linux/bpf.h>
#include <linux/if_ether.h>
#include <linux/in.h>
#include <linux/ip.h>
#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>

#include "maps.h"

#define PROTOCOL_ICMP6 58
#define PROTOCOL_SCTP 132

#define likely(x) __builtin_expect(!!(x), 1)
#define unlikely(x) __builtin_expect(!!(x), 0)

#define ETH_TYPE_OFFSET 12
#define IPV4_WITHOUT_OPTIONS 0x45
#define IP_FRAGMENT_BITS 0x3fff /* more fragments, offset */
#define L4_OFFSET (ETH_HLEN + sizeof(struct iphdr))
#define UDP_END (L4_OFFSET + 8)
#define TCP_END (L4_OFFSET + 20)
#define ICMP_END (L4_OFFSET + 8)
#define SHORTEST_PACKET (UDP_END - ETH_HLEN) /* of UDP and ICMP */
#define SHORTEST_TCP (TCP_END - ETH_HLEN)

/* The first 20 bytes of TCP or 8 of UDP, as far as they are touched. */
struct ports {
	__be16 source;
	__be16 target;
};
#define TCP_FLAGS_OFFSET (L4_OFFSET + 13)
#define TCP_CHECK_OFFSET (L4_OFFSET + 16)
#define UDP_CHECK_OFFSET (L4_OFFSET + 6)

/* Which hook runs: the same code is compiled for each. */
enum front { FRONT_XDP, FRONT_TC, FRONT_TC_EGRESS };

/* What becomes of a packet without a connection. */
enum verdict { VERDICT_PASS, VERDICT_REFUSE };

/* The key as the fast path makes it: two stores from the packet (little-endian machines). */
union flow_key {
	struct connection_key key;
	__u64 words[2];
};

#define PIECE_FIRST 1
#define PIECE_LATER 2
#define TRANSPORT_MAX 0xff /* where a transport header may begin at most */

/* What a packet of any form is, see look.h. */
struct seen {
	struct address source;
	struct address target;
	__u32 transport; /* where its header begins in the frame */
	__u32 end; /* of the packet in the frame, as the IP header says */
	__be32 fragment_id;
	struct ports ports;
	__u8 family;
	__u8 protocol;
	__u8 piece; /* 0: whole */
	__u8 event; /* TCP: flags; SCTP: enum sctp_event */
};

/* What the slow paths want to know of a packet; the fast path keeps it in registers. */
struct flow {
	union flow_key at;
	struct ends ends;
	__u32 now;
	__u32 ifindex;
	__u32 link[3];
	__u32 verdict;
	__u8 tcp_flags;
	__u8 filter;
	__u8 front;
	__u8 zero;
};

/* As much of a packet as every router quotes. */
struct quotation {
	struct iphdr ip;
	struct ports ports;
	__u32 rest;
};

/* What a client is told: type and code in network order, and what stands behind the checksum. */
struct error {
	__be16 what;
	__be16 mtu;
};

/* What a new connection is made with. It stands here because the stack is 512 bytes for all calls
 * together; the sweep, which a packet may interrupt, must not use it. */
struct scratch {
	struct connection connection; /* stands in for one that is not in the table */
	struct flow flow;
	struct template_key of;
	struct candidate candidate;
	struct locality_key locality_key;
	struct locality locality;
	struct translation translation;
	struct quotation relayed;
	struct seen seen;
	struct seen quoted; /* by an ICMP error */
	struct address real;
	__u32 number; /* of the connection, as admit() says it */
	__u32 is_error; /* the packet is an ICMP error about it */
	struct error error;
};

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct scratch);
} scratch_map SEC(".maps");

static __always_inline struct scratch *scratch_now(void)
{
	__u32 zero = 0;

	return bpf_map_lookup_elem(&scratch_map, &zero);
}

/* The verifier takes loads from the context at constant offsets only, and the compiler likes to share the
 * address between two of them. Pointers it likes to copy by 32 bits, after which they are none. */
#define LOAD_CONTEXT(to, ctx, type, field)                                                          \
	asm volatile("%0 = *(u32 *)(%1 + %2)"                                                       \
		     : "=r"(to)                                                                     \
		     : "r"(ctx), "i"(__builtin_offsetof(type, field)))

static __always_inline void *data_of(void *ctx, enum front front)
{
	__u64 data;

	if (front == FRONT_XDP)
		LOAD_CONTEXT(data, ctx, struct xdp_md, data);
	else
		LOAD_CONTEXT(data, ctx, struct __sk_buff, data);
	return (void *)data;
}

static __always_inline void *data_end_of(void *ctx, enum front front)
{
	__u64 end;

	if (front == FRONT_XDP)
		LOAD_CONTEXT(end, ctx, struct xdp_md, data_end);
	else
		LOAD_CONTEXT(end, ctx, struct __sk_buff, data_end);
	return (void *)end;
}

/* Of XDP, whose frames lie in one piece. */
static __always_inline __u64 frame_length(void *ctx, enum front front)
{
	return (__u64)data_end_of(ctx, front) - (__u64)data_of(ctx, front);
}

/* Of the whole frame, however many pieces of memory it lies in. */
static __always_inline __u32 whole_length(void *ctx, enum front front)
{
	__u64 length;

	if (front == FRONT_XDP)
		return frame_length(ctx, front);
	LOAD_CONTEXT(length, ctx, struct __sk_buff, len);
	return length;
}

/* Whether the length that an IPv4 header tells has room for `least` bytes and ends within the frame: what
 * does not, the kernel discards. The frame has those bytes. */
static __always_inline int is_whole(void *ctx, enum front front, const struct iphdr *ip, __u32 least)
{
	return bpf_ntohs(ip->tot_len) - least <= whole_length(ctx, front) - ETH_HLEN - least;
}

static __always_inline __u32 ifindex_of(void *ctx, enum front front)
{
	__u64 ifindex;

	if (front == FRONT_XDP)
		LOAD_CONTEXT(ifindex, ctx, struct xdp_md, ingress_ifindex);
	else
		LOAD_CONTEXT(ifindex, ctx, struct __sk_buff, ifindex);
	return ifindex;
}

static __always_inline void set_address4(struct address *to, __be32 address)
{
	to->words[0] = address;
	to->words[1] = 0;
	to->words[2] = 0;
	to->words[3] = 0;
}

static __always_inline int same_address(const struct address *a, const struct address *b)
{
	return a->words[0] == b->words[0] && a->words[1] == b->words[1] && a->words[2] == b->words[2] &&
	       a->words[3] == b->words[3];
}

static __always_inline __u32 filter_slot(__be32 address)
{
	return ((__u32)address * 0x9e3779b1u) >> 16;
}

static __always_inline __u32 filter_slot6(const struct address *address)
{
	__u32 hash = 0;

	for (int i = 0; i < 4; i++)
		hash = (hash + (__u32)address->words[i]) * 0x9e3779b1u;
	return hash >> 16;
}

/* The one cheap check that all traffic of the machine pays. */
static __always_inline __u8 filter_bits(__be32 address)
{
	return filter.slots[filter_slot(address) & (FILTER_SLOTS - 1)];
}

/* Whether the frame was sent to this host: a promiscuous interface sees the frames of others. */
static __always_inline int addressed_to_us(const struct flow *flow)
{
	__u32 ifindex = flow->ifindex;
	const struct interface *interface = bpf_map_lookup_elem(&interfaces, &ifindex);
	const __u8 *target = (const __u8 *)flow->link;

	if (!interface)
		return 0;
	return interface->mac[0] == target[0] && interface->mac[1] == target[1] &&
	       interface->mac[2] == target[2] && interface->mac[3] == target[3] &&
	       interface->mac[4] == target[4] && interface->mac[5] == target[5];
}

#endif
