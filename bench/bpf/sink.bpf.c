/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* The real server: counts UDP packets, also those in an IP tunnel, and drops them, in XDP or, for the kernel's own paths, in tc. */
#include "frame.h"

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, __u64);
} received SEC(".maps");

static __always_inline int is_load(void *data, void *end)
{
	struct ethhdr *eth = data;
	struct iphdr *ip = data + sizeof(*eth);

	return (void *)(ip + 1) <= end && eth->h_proto == bpf_htons(ETH_P_IP) &&
	       (ip->protocol == IPPROTO_UDP || ip->protocol == IPPROTO_IPIP);
}

static __always_inline void count(void)
{
	__u32 zero = 0;
	__u64 *counter = bpf_map_lookup_elem(&received, &zero);

	if (counter)
		(*counter)++;
}

SEC("xdp")
int sink_xdp(struct xdp_md *ctx)
{
	if (!is_load((void *)(long)ctx->data, (void *)(long)ctx->data_end))
		return XDP_PASS;
	count();
	return XDP_DROP;
}

SEC("tc")
int sink_tc(struct __sk_buff *skb)
{
	if (!is_load((void *)(long)skb->data, (void *)(long)skb->data_end))
		return -1;
	count();
	return 2;
}

/* A veth takes redirected frames only where a program hangs. */
SEC("xdp")
int pass_on(struct xdp_md *ctx)
{
	return XDP_PASS;
}

char LICENSE[] SEC("license") = "Dual BSD/GPL";
