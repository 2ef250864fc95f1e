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

struct original {
	__u8 frame[64];
};

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct original);
} original SEC(".maps");

#define COPY(type, at) (*(type *)(to + (at)) = *(const type *)(from + (at)))

/* Copies by stores that no later load straddles: a packet from a NIC has no stores in flight either. */
static __always_inline int restore(struct xdp_md *ctx)
{
	__u8 *to = (void *)(long)ctx->data, *end = (void *)(long)ctx->data_end;
	__u32 zero = 0;
	const struct original *saved = bpf_map_lookup_elem(&original, &zero);
	const __u8 *from = (const __u8 *)saved;

	if (!saved || to + FRAME_LENGTH > end)
		return -1;
	COPY(__u64, 0);
	COPY(__u64, 8);
	COPY(__u16, 16);
	COPY(__u64, 18);
	COPY(__u64, 26);
	COPY(__u64, 34);
	COPY(__u64, 42);
	COPY(__u64, 50);
	COPY(__u16, 58);
	return 0;
}

/* Run once: the frame that the others restore. */
SEC("xdp")
int save(struct xdp_md *ctx)
{
	__u32 zero = 0;
	__u8 *to = bpf_map_lookup_elem(&original, &zero);
	const __u8 *from = (void *)(long)ctx->data, *end = (void *)(long)ctx->data_end;

	if (!to || write_frame(ctx, 0) || from + FRAME_LENGTH > end)
		return XDP_ABORTED;
	for (int i = 0; i < FRAME_LENGTH; i++)
		to[i] = from[i];
	return XDP_DROP;
}

SEC("xdp")
int restore_and_run(struct xdp_md *ctx)
{
	if (restore(ctx))
		return XDP_ABORTED;
	bpf_tail_call(ctx, &measured, 0);
	return XDP_ABORTED;
}

/* Each run another flow. */
SEC("xdp")
int write_and_run(struct xdp_md *ctx)
{
	if (write_frame(ctx, next_flow()))
		return XDP_ABORTED;
	bpf_tail_call(ctx, &measured, 0);
	return XDP_ABORTED;
}

/* What the restoring costs. */
SEC("xdp")
int restore_only(struct xdp_md *ctx)
{
	return restore(ctx) ? XDP_ABORTED : XDP_DROP;
}

/* What the loop of BPF_PROG_TEST_RUN costs. */
SEC("xdp")
int nothing(struct xdp_md *ctx)
{
	return XDP_DROP;
}

char LICENSE[] SEC("license") = "Dual BSD/GPL";
