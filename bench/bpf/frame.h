/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* The benchmark's packet: 60 bytes of Ethernet, IPv4 and UDP, one flow of many. */
#ifndef BENCH_FRAME_H
#define BENCH_FRAME_H

#include <linux/bpf.h>
#include <linux/if_ether.h>
#include <linux/in.h>
#include <linux/ip.h>
#include <linux/udp.h>
#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>

struct settings {
	__u32 flows; /* a power of two */
	__be32 target;
	__be32 source; /* the first client; 256 follow each other */
	__be16 target_port;
	__u8 target_mac[6];
	__u8 source_mac[6];
	__u8 zero[6];
};

const volatile struct settings settings SEC(".rodata.settings") = {};

#define FRAME_LENGTH 60

static __always_inline __u16 folded(__u32 sum)
{
	sum = (sum & 0xffff) + (sum >> 16);
	return (sum & 0xffff) + (sum >> 16);
}

static __always_inline void copy_mac(__u8 *to, const volatile __u8 *from)
{
	for (int i = 0; i < 6; i++)
		to[i] = from[i];
}

/* Writes all headers anew: frames that come back from the ring carry what was done to them. */
static __always_inline int write_frame(struct xdp_md *ctx, __u32 flow)
{
	void *data = (void *)(long)ctx->data, *end = (void *)(long)ctx->data_end;
	struct ethhdr *eth = data;
	struct iphdr *ip = data + sizeof(*eth);
	struct udphdr *udp = (void *)(ip + 1);
	__be32 source = settings.source + bpf_htonl(flow & 255);
	__be16 port = bpf_htons(1024 + (flow >> 8));
	__u32 sum;

	if ((void *)(udp + 1) > end)
		return -1;
	copy_mac(eth->h_dest, settings.target_mac);
	copy_mac(eth->h_source, settings.source_mac);
	eth->h_proto = bpf_htons(ETH_P_IP);
	*(__be32 *)ip = bpf_htonl(0x45000000 | (FRAME_LENGTH - ETH_HLEN));
	*((__be32 *)ip + 1) = 0;
	*((__be32 *)ip + 2) = bpf_htonl(0x40110000);
	ip->saddr = source;
	ip->daddr = settings.target;
	sum = bpf_htons(0x4500) + bpf_htons(FRAME_LENGTH - ETH_HLEN) + bpf_htons(0x4011);
	sum += (source & 0xffff) + (source >> 16);
	sum += (settings.target & 0xffff) + (settings.target >> 16);
	ip->check = ~folded(sum);
	udp->source = port;
	udp->dest = settings.target_port;
	udp->len = bpf_htons(FRAME_LENGTH - ETH_HLEN - sizeof(*ip));
	/* The payload is zero: the sum is that of the pseudo header and the UDP header. */
	sum = bpf_htons(IPPROTO_UDP) + 2 * (__u32)udp->len + port + settings.target_port;
	sum += (source & 0xffff) + (source >> 16);
	sum += (settings.target & 0xffff) + (settings.target >> 16);
	udp->check = ~folded(sum);
	return 0;
}

#endif
