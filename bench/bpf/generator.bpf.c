/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* Makes the load: run with live frames, it sends one packet after the other out of an interface. */
#include "frame.h"

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, __u32);
} next SEC(".maps");

static __always_inline __u32 next_flow(void)
{
	__u32 zero = 0, *counter = bpf_map_lookup_elem(&next, &zero);

	return counter ? (*counter)++ & (settings.flows - 1) : 0;
}

SEC("xdp")
int generate(struct xdp_md *ctx)
{
	return write_frame(ctx, next_flow()) ? XDP_ABORTED : XDP_TX;
}

/* The generator alone. */
SEC("xdp")
int generate_and_drop(struct xdp_md *ctx)
{
	return write_frame(ctx, next_flow()) ? XDP_ABORTED : XDP_DROP;
}

/* BPF_PROG_TEST_RUN without live frames: the packet as it was, then the program to be measured. */
struct {
	__uint(type, BPF_MAP_TYPE_PROG_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, __u32);
} measured SEC(".maps");

SEC("xdp")
int restore_and_run(struct xdp_md *ctx)
{
	if (write_frame(ctx, 0))
		return XDP_ABORTED;
	bpf_tail_call(ctx, &measured, 0);
	return XDP_ABORTED;
}

/* What the restoring costs. */
SEC("xdp")
int restore_only(struct xdp_md *ctx)
{
	return write_frame(ctx, 0) ? XDP_ABORTED : XDP_DROP;
}

/* What the loop of BPF_PROG_TEST_RUN costs. */
SEC("xdp")
int nothing(struct xdp_md *ctx)
{
	return XDP_DROP;
}

char LICENSE[] SEC("license") = "Dual BSD/GPL";
