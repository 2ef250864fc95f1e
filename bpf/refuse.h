/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* ICMP errors to a client, from the virtual address as IPVS sends them: port unreachable when nobody can
 * serve it, instead of a timeout; fragmentation needed; time exceeded. The packet is turned into its own
 * answer:
 *
 *   Ethernet 14 | IP 20 | ICMP 8 | the client's IP header 20 | its first 8 (UDP) or 18 (TCP) bytes
 */
#ifndef KEELSON_REFUSE_H
#define KEELSON_REFUSE_H

#include "admit.h"
#include "icmp.h"

#define ANSWER_HEADERS (sizeof(struct iphdr) + sizeof(struct icmphdr))
#define QUOTED_UDP 8
#define QUOTED_TCP 18 /* up to and with its checksum */
#define PORT_UNREACHABLE 3
#define FRAGMENTATION_NEEDED 4
#define INTERNETWORK_CONTROL 0xc0
#define REFUSALS_PER_UNIT 256 /* of the coarse clock, a quarter to half a second */

/* Attackers choose sources: answers are limited for the whole host. */
static __always_inline int may_refuse(__u32 now)
{
	struct pressure *pressure = pressure_now();

	if (!pressure)
		return 0;
	if (pressure->refused_at != now) {
		pressure->refused_at = now;
		pressure->refused = 0;
	}
	return __sync_fetch_and_add(&pressure->refused, 1) < REFUSALS_PER_UNIT;
}

/* The quoted checksum may be a partial one, which the sending side completes after this program has
 * summed the answer. It is set to X with S + X = -X, where S is the sum of what else it covers: then
 * the answer's sum is the same whether X stays or is completed. Halving is multiplying by 2^15. */
static __always_inline __u16 neutral_check(__u64 sum)
{
	__u32 negative = 0xffff - fold(sum);

	return ((__u64)negative * 32768) % 0xffff;
}

struct answer {
	struct ethhdr eth;
	struct iphdr ip;
	struct icmphdr icmp;
} __attribute__((packed));

/* Prepares the quotation; returns what it adds to the ICMP sum, or a negative number. A right IP header
 * adds nothing. */
static __always_inline __s64 quote(void *data, void *end, __u8 protocol)
{
	__u16 *words = data + L4_OFFSET;
	__u64 sum = 0;
	__u16 check;

	if (protocol == IPPROTO_UDP) {
		if (data + L4_OFFSET + QUOTED_UDP > end)
			return -1;
		sum = (__u64)words[0] + words[1] + words[2];
		check = neutral_check(sum);
		words[3] = check;
	} else {
		if (data + L4_OFFSET + QUOTED_TCP > end)
			return -1;
		for (int i = 0; i < 8; i++)
			sum += words[i];
		check = neutral_check(sum);
		words[8] = check;
	}
	return sum + check;
}

static __always_inline int grow(void *ctx, enum front front, __u32 length)
{
	if (front == FRONT_XDP) {
		struct xdp_md *xdp = ctx;
		int excess = (int)length - (int)frame_length(ctx, front) - (int)ANSWER_HEADERS;

		if (bpf_xdp_adjust_head(xdp, -(int)ANSWER_HEADERS))
			return -1;
		return bpf_xdp_adjust_tail(xdp, excess);
	}
	if (bpf_skb_adjust_room(ctx, ANSWER_HEADERS, BPF_ADJ_ROOM_MAC, BPF_F_ADJ_ROOM_NO_CSUM_RESET))
		return -1;
	return bpf_skb_change_tail(ctx, length, 0);
}

static __noinline int describe_error(struct answer *answer, const struct flow *flow, const struct error *error,
				     __u64 sum, __u32 length)
{
	const __u16 *words = (const void *)answer + ETH_HLEN;
	__u64 header = 0;

	address_reply(answer, flow->link);
	answer->eth.h_proto = bpf_htons(ETH_P_IP);
	answer->ip.ihl = 5;
	answer->ip.version = 4;
	answer->ip.tos = INTERNETWORK_CONTROL;
	answer->ip.tot_len = bpf_htons(length - ETH_HLEN);
	answer->ip.id = 0;
	answer->ip.frag_off = 0;
	answer->ip.ttl = 64;
	answer->ip.protocol = IPPROTO_ICMP;
	answer->ip.check = 0;
	answer->ip.saddr = flow->at.key.virtual_address;
	answer->ip.daddr = flow->at.key.client;
	for (int i = 0; i < 10; i++)
		header += words[i];
	answer->ip.check = ~fold(header);
	*(__be16 *)&answer->icmp.type = error->what;
	answer->icmp.rest = (__be32)error->mtu << 16;
	answer->icmp.checksum = ~fold(sum + error->what + error->mtu);
	return 0;
}

/* Answers the packet in its place; without success it is dropped. */
static __always_inline int answer_error(void *ctx, enum front front, const struct flow *flow,
					const struct error *error)
{
	__u8 protocol = flow->at.key.protocol;
	__u32 length = L4_OFFSET + ANSWER_HEADERS + (protocol == IPPROTO_UDP ? QUOTED_UDP : QUOTED_TCP);
	void *data;
	__s64 sum;

	if (!may_refuse(flow->now))
		return drop(front);
	sum = quote(data_of(ctx, front), data_end_of(ctx, front), protocol);
	if (sum < 0 || grow(ctx, front, length))
		return drop(front);
	data = data_of(ctx, front);
	if (data + sizeof(struct answer) > data_end_of(ctx, front))
		return drop(front);
	describe_error(data, flow, error, sum, length);
	return send(ctx, front, flow->ifindex);
}

static __always_inline struct error port_unreachable(void)
{
	return (struct error){.what = bpf_htons(ICMP_DEST_UNREACH << 8 | PORT_UNREACHABLE)};
}

static __always_inline struct error too_big(__u32 mtu)
{
	count_event(EVENT_TOO_BIG);
	return (struct error){
		.what = bpf_htons(ICMP_DEST_UNREACH << 8 | FRAGMENTATION_NEEDED),
		.mtu = bpf_htons(mtu),
	};
}

static __always_inline struct error time_exceeded(void)
{
	count_event(EVENT_TTL);
	return (struct error){.what = bpf_htons(ICMP_TIME_EXCEEDED << 8)};
}

/* In a frame of its own: calls share 512 bytes of stack. */
static __noinline int answer_xdp(void *ctx, const struct flow *flow, __u32 what, __u32 mtu)
{
	struct error error = {.what = what, .mtu = mtu};

	return answer_error(ctx, FRONT_XDP, flow, &error);
}

static __noinline int answer_tc(void *ctx, const struct flow *flow, __u32 what, __u32 mtu)
{
	struct error error = {.what = what, .mtu = mtu};

	return answer_error(ctx, FRONT_TC, flow, &error);
}

static __always_inline int answer_apart(void *ctx, enum front front, const struct flow *flow,
					struct error error)
{
	if (front == FRONT_XDP)
		return answer_xdp(ctx, flow, error.what, error.mtu);
	return answer_tc(ctx, flow, error.what, error.mtu);
}

#endif
