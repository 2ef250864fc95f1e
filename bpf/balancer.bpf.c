/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* Keelson's data plane: IPVS's semantics in eBPF. One core, three hooks, one program for user space. */
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

#include "balance.h"
#include "rest.h"
#include "restore.h"
#include "sweep.h"

/* The fast path, and the two parts of the other, are functions one after the other and not within each
 * other: what calls what shares 512 bytes of stack. Global ones are verified by themselves. */
static __noinline int fast_xdp(struct xdp_md *ctx)
{
	return balance(ctx, FRONT_XDP);
}

static __noinline int fast_tc(struct __sk_buff *skb)
{
	return balance(skb, FRONT_TC);
}

static __noinline int fast_tc_egress(struct __sk_buff *skb)
{
	return balance(skb, FRONT_TC_EGRESS);
}

__noinline int forward_xdp(struct xdp_md *ctx)
{
	return forward_rest(ctx, FRONT_XDP);
}

__noinline int rest_xdp(struct xdp_md *ctx)
{
	return balance_rest(ctx, FRONT_XDP);
}

__noinline int forward_tc(struct __sk_buff *skb)
{
	return forward_rest(skb, FRONT_TC);
}

__noinline int rest_tc(struct __sk_buff *skb)
{
	return balance_rest(skb, FRONT_TC);
}

__noinline int rest_tc_egress(struct __sk_buff *skb)
{
	return balance_rest(skb, FRONT_TC_EGRESS);
}

/* Hardware NICs. */
SEC("xdp")
int keelson_xdp(struct xdp_md *ctx)
{
	int verdict = fast_xdp(ctx);

	if (verdict == REST)
		verdict = rest_xdp(ctx);
	return verdict == FORWARD ? forward_xdp(ctx) : verdict;
}

/* Virtual NICs, where frames are large and checksums partial; behind XDP, what XDP could not finish. */
SEC("tc")
int keelson_tc(struct __sk_buff *skb)
{
	int verdict;

	if (skb->vlan_present)
		return -1; /* the VLAN's own interface has a program */
	if (skb->data + TCP_END > skb->data_end)
		bpf_skb_pull_data(skb, skb->len < INNER_END ? skb->len : INNER_END);
	verdict = fast_tc(skb);
	if (verdict == REST)
		verdict = rest_tc(skb);
	return verdict == FORWARD ? forward_tc(skb) : verdict;
}

/* Replies of a NAT real server on this very host: they never come in. */
SEC("tc")
int keelson_tc_egress(struct __sk_buff *skb)
{
	int verdict = fast_tc_egress(skb);

	return verdict == REST ? rest_tc_egress(skb) : verdict;
}

/* Run about once a second by user space; nothing depends on it but memory. */
SEC("syscall")
int keelson_sweep(struct sweep_report *report)
{
	sweep_all(report);
	return 0;
}

/* Run for each connection that another director has told of. */
SEC("syscall")
int keelson_restore(struct arrival *arrival)
{
	return restore(arrival);
}

/* What the clock of `expires` shows. */
SEC("syscall")
int keelson_now(void *ctx)
{
	return coarse_now();
}

char LICENSE[] SEC("license") = "Dual BSD/GPL";
