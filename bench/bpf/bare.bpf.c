/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* What the least could be: rewrite and redirect without any state, and a usual balancer of our time
 * (service table, LRU connection table, Maglev-like table, counters) without IPVS's semantics. */
#include "frame.h"

struct way {
	__u32 ifindex;
	__u8 target_mac[6];
	__u8 source_mac[6];
};

const volatile struct way way SEC(".rodata.way") = {};

static __always_inline int send_on(struct ethhdr *eth, struct iphdr *ip)
{
	__u32 check = (__u32)ip->check + bpf_htons(0x0100);

	ip->check = check + (check >= 0xffff);
	ip->ttl--;
	copy_mac(eth->h_dest, way.target_mac);
	copy_mac(eth->h_source, way.source_mac);
	return bpf_redirect(way.ifindex, 0);
}

SEC("xdp")
int bare_redirect(struct xdp_md *ctx)
{
	void *data = (void *)(long)ctx->data, *end = (void *)(long)ctx->data_end;
	struct ethhdr *eth = data;
	struct iphdr *ip = data + sizeof(*eth);

	if ((void *)(ip + 1) > end || eth->h_proto != bpf_htons(ETH_P_IP) || ip->protocol != IPPROTO_UDP)
		return XDP_PASS;
	return send_on(eth, ip);
}

struct flow_key {
	__be32 source, target;
	__be16 source_port, target_port;
	__u32 protocol;
};

struct flow_value {
	__u32 real;
	__u32 reserved;
};

struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 131072);
	__type(key, struct flow_key);
	__type(value, struct flow_value);
} flows SEC(".maps");

struct service_key {
	__be32 target;
	__be16 port;
	__u16 protocol;
};

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 512);
	__type(key, struct service_key);
	__type(value, __u32);
} virtual_servers SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 65537);
	__type(key, __u32);
	__type(value, __u32);
} ring SEC(".maps");

struct traffic {
	__u64 packets, bytes;
};

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 512);
	__type(key, __u32);
	__type(value, struct traffic);
} traffic SEC(".maps");

SEC("xdp")
int bare_balancer(struct xdp_md *ctx)
{
	void *data = (void *)(long)ctx->data, *end = (void *)(long)ctx->data_end;
	struct ethhdr *eth = data;
	struct iphdr *ip = data + sizeof(*eth);
	struct udphdr *udp = (void *)(ip + 1);
	struct service_key at = {};
	struct flow_key key = {};
	struct flow_value *known;
	struct traffic *counted;
	__u32 *number, slot;

	if ((void *)(udp + 1) > end || eth->h_proto != bpf_htons(ETH_P_IP) || ip->protocol != IPPROTO_UDP)
		return XDP_PASS;
	at.target = ip->daddr;
	at.port = udp->dest;
	at.protocol = IPPROTO_UDP;
	number = bpf_map_lookup_elem(&virtual_servers, &at);
	if (!number)
		return XDP_PASS;
	key.source = ip->saddr;
	key.target = ip->daddr;
	key.source_port = udp->source;
	key.target_port = udp->dest;
	key.protocol = IPPROTO_UDP;
	known = bpf_map_lookup_elem(&flows, &key);
	if (!known) {
		struct flow_value fresh = {};
		__u32 *real;

		slot = (key.source ^ key.source_port * 0x9e3779b1u) % 65537;
		real = bpf_map_lookup_elem(&ring, &slot);
		fresh.real = real ? *real : 0;
		bpf_map_update_elem(&flows, &key, &fresh, BPF_ANY);
	}
	slot = *number & 511;
	counted = bpf_map_lookup_elem(&traffic, &slot);
	if (counted) {
		counted->packets++;
		counted->bytes += FRAME_LENGTH - ETH_HLEN;
	}
	return send_on(eth, ip);
}

char LICENSE[] SEC("license") = "Dual BSD/GPL";
