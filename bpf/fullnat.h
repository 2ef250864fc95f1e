/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* FULLNAT: both ends of a packet are replaced, so that a real server needs no route back through here.
 * How it learns of the client:
 *
 *   TCP option  kind 254, length 8, the client's port and address, first among the options of the SYN
 *               and of the ACK that ends the handshake (what modules and BPF programs for "TOA" read)
 *   PROXY       the protocol's version 2 header, as a segment of its own before the client's first byte;
 *               from then on the client's sequence numbers are larger at the real server by its length
 *
 * Only packets without data get longer, so nothing outgrows the way. A header that is lost is sent again
 * with what the client repeats. SACK and Fast Open are not negotiated where numbers are shifted. All
 * changes of length happen in tc; XDP hands those packets on. */
#ifndef KEELSON_FULLNAT_H
#define KEELSON_FULLNAT_H

#include "encap.h"

#define TCP_SEQUENCE_OFFSET (L4_OFFSET + 4)
#define TCP_ACKNOWLEDGED_OFFSET (L4_OFFSET + 8)
#define TCP_LENGTH_OFFSET (L4_OFFSET + 12) /* header length and flags */
#define TCP_PSH 0x08
#define TCP_HEADER_MAX 60
#define TCP_OPTIONS_MAX 40
#define TCP_OPTIONS_ROOM 64 /* a power of two, for the verifier */

#define OPTION_END 0
#define OPTION_NOTHING 1
#define OPTION_SACK_PERMITTED 4
#define OPTION_FAST_OPEN 34
#define OPTION_CLIENT 254
#define OPTION_CLIENT_LENGTH 8

struct client_option {
	__u8 kind;
	__u8 length;
	__be16 port;
	__be32 address;
};

#define PROXY_VERSION_2 0x21 /* and that it stands for somebody else */
#define PROXY_TCP4 0x11

struct proxy_header {
	__u8 signature[12];
	__u8 version;
	__u8 family;
	__be16 length;
	__be32 source;
	__be32 target;
	__be16 source_port;
	__be16 target_port;
};

static __always_inline __u32 read_number(const void *data, __u32 offset)
{
	return bpf_ntohl(*(const __be32 *)(data + offset));
}

/* Whether a client's packet gets longer, or its options change. */
static __always_inline int changes_length(const void *data, const void *end,
					  const struct translation *translation, __u8 flags)
{
	const struct iphdr *ip = data + ETH_HLEN;
	__u32 header, offset;

	if (likely(translation->tells == TELLS_NOTHING) || data + TCP_END > end)
		return 0;
	header = (*((const __u8 *)data + TCP_LENGTH_OFFSET) >> 4) * 4;
	if (flags & TCP_SYN)
		return 1;
	offset = read_number(data, TCP_SEQUENCE_OFFSET) - translation->start;
	if (offset != 1 || (flags & TCP_RST))
		return 0;
	if (translation->tells == TELLS_PROXY_HEADER)
		return !(translation->flags & TRANSLATION_HEADER_SEEN);
	return bpf_ntohs(ip->tot_len) == sizeof(*ip) + header;
}

/* Replaces a word of the TCP header. */
static __always_inline int replace_number(void *ctx, enum front front, __u32 offset, __u32 number)
{
	void *data = data_of(ctx, front);
	__be32 fresh = bpf_htonl(number), old;

	if (data + TCP_END > data_end_of(ctx, front))
		return -1;
	old = *(__be32 *)(data + offset);
	*(__be32 *)(data + offset) = fresh;
	if (front == FRONT_XDP) {
		__u16 *check = data + TCP_CHECK_OFFSET;

		*check = updated(*check, (__u64)(__u32)~old + fresh);
		return 0;
	}
	return bpf_l4_csum_replace(ctx, TCP_CHECK_OFFSET, old, fresh, sizeof(fresh));
}

/* Replaces a client's sequence number, or what the real server acknowledges of it. */
static __always_inline int shift_request(void *ctx, enum front front, const struct translation *translation,
					 __u8 flags)
{
	void *data = data_of(ctx, front);
	__u32 number;

	if (data + TCP_END > data_end_of(ctx, front))
		return -1;
	number = read_number(data, TCP_SEQUENCE_OFFSET);
	if ((__s32)(number - translation->start) < 1)
		return 0;
	/* A reset before the header must hit the number that the real server waits for. */
	if ((flags & TCP_RST) && !(translation->flags & TRANSLATION_HEADER_SENT))
		return 0;
	return replace_number(ctx, front, TCP_SEQUENCE_OFFSET, number + sizeof(struct proxy_header));
}

static __always_inline int shift_reply(void *ctx, enum front front, struct translation *translation)
{
	void *data = data_of(ctx, front);
	__u32 number, beyond;

	if (data + TCP_END > data_end_of(ctx, front))
		return -1;
	number = read_number(data, TCP_ACKNOWLEDGED_OFFSET);
	beyond = number - translation->start - 1;
	if ((__s32)beyond <= 0)
		return 0;
	if (beyond < sizeof(struct proxy_header))
		return replace_number(ctx, front, TCP_ACKNOWLEDGED_OFFSET, translation->start + 1);
	if (!(translation->flags & TRANSLATION_HEADER_SEEN))
		translation->flags |= TRANSLATION_HEADER_SENT | TRANSLATION_HEADER_SEEN;
	return replace_number(ctx, front, TCP_ACKNOWLEDGED_OFFSET, number - sizeof(struct proxy_header));
}

struct option_walk {
	__u8 bytes[TCP_OPTIONS_ROOM];
	__u32 next; /* where the next option begins */
	__u32 blank; /* up to here bytes are blanked */
};

static long blank_option(__u32 i, void *context)
{
	struct option_walk *walk = context;
	__u8 kind, size;

	if (i >= TCP_OPTIONS_MAX - 1)
		return 1;
	kind = walk->bytes[i];
	size = walk->bytes[i + 1];
	if (i < walk->blank)
		walk->bytes[i] = OPTION_NOTHING;
	if (i < walk->next || kind == OPTION_NOTHING)
		return 0;
	if (kind == OPTION_END || size < 2)
		return 1;
	walk->next = i + size;
	if (kind == OPTION_SACK_PERMITTED || kind == OPTION_FAST_OPEN) {
		walk->blank = walk->next;
		walk->bytes[i] = OPTION_NOTHING;
	}
	return 0;
}

/* The same length, 1 to 64, as the verifier can see. */
static __always_inline __u32 seen_length(__u32 length)
{
	length--;
	asm volatile("" : "+r"(length));
	return (length & (TCP_OPTIONS_ROOM - 1)) + 1;
}

/* Blanks the options that a connection with shifted numbers must not have. */
static __noinline int strip_options(struct __sk_buff *skb, __u32 length)
{
	struct option_walk walk = {};
	__u8 old[TCP_OPTIONS_ROOM];
	__s64 change;

	if (length == 0 || length > TCP_OPTIONS_MAX)
		return 0;
	if (bpf_skb_load_bytes(skb, L4_OFFSET + 20, walk.bytes, seen_length(length)))
		return -1;
	__builtin_memcpy(old, walk.bytes, sizeof(old));
	bpf_loop(TCP_OPTIONS_MAX - 1, blank_option, &walk, 0);
	if (walk.blank >= TCP_OPTIONS_MAX)
		walk.bytes[TCP_OPTIONS_MAX - 1] = OPTION_NOTHING;
	change = bpf_csum_diff((__be32 *)old, sizeof(old), (__be32 *)walk.bytes, sizeof(walk.bytes), 0);
	if (bpf_l4_csum_replace(skb, TCP_CHECK_OFFSET, 0, change, 0))
		return -1;
	return bpf_skb_store_bytes(skb, L4_OFFSET + 20, walk.bytes, seen_length(length), 0);
}

/* After the packet's length changed: the lengths of IP, the pseudo-header and the TCP header. */
static __always_inline int settle_lengths(struct __sk_buff *skb, __u16 total, __be16 words)
{
	void *data = data_of(skb, FRONT_TC);
	struct iphdr *ip = data + ETH_HLEN;
	__be16 old_total, old_words, fresh = bpf_htons(total);

	if (data + TCP_END > data_end_of(skb, FRONT_TC))
		return -1;
	old_total = ip->tot_len;
	ip->tot_len = fresh;
	ip->check = updated(ip->check, (__u64)(__u16)~old_total + fresh);
	old_words = *(__be16 *)(data + TCP_LENGTH_OFFSET);
	*(__be16 *)(data + TCP_LENGTH_OFFSET) = words;
	if (bpf_l4_csum_replace(skb, TCP_CHECK_OFFSET, old_words, words, sizeof(words)))
		return -1;
	return bpf_l4_csum_replace(skb, TCP_CHECK_OFFSET, bpf_htons(bpf_ntohs(old_total) - sizeof(*ip)),
				   bpf_htons(total - sizeof(*ip)), BPF_F_PSEUDO_HDR | sizeof(fresh));
}

/* Puts the client's address first among the options of a packet without data. */
static __noinline int insert_option(struct __sk_buff *skb, const struct connection *connection, __u32 length)
{
	struct client_option option = {
		.kind = OPTION_CLIENT,
		.length = OPTION_CLIENT_LENGTH,
		.port = connection->key.client_port,
		.address = connection->key.client,
	};
	__u32 total = sizeof(struct iphdr) + 20 + length + sizeof(option);
	__u8 others[TCP_OPTIONS_ROOM];
	void *data = data_of(skb, FRONT_TC);
	__be16 words;

	if (data + TCP_END > data_end_of(skb, FRONT_TC))
		return -1;
	words = *(__be16 *)(data + TCP_LENGTH_OFFSET) + bpf_htons(2 << 12);
	if (length > TCP_OPTIONS_MAX - sizeof(option))
		return 0; /* no room: the connection is worth more */
	if (length && bpf_skb_load_bytes(skb, L4_OFFSET + 20, others, seen_length(length)))
		return -1;
	if (bpf_skb_change_tail(skb, ETH_HLEN + total, 0))
		return -1;
	if (bpf_skb_store_bytes(skb, L4_OFFSET + 20, &option, sizeof(option), 0))
		return -1;
	if (length && bpf_skb_store_bytes(skb, L4_OFFSET + 20 + sizeof(option), others,
					  seen_length(length), 0))
		return -1;
	if (bpf_l4_csum_replace(skb, TCP_CHECK_OFFSET, 0,
				bpf_csum_diff(0, 0, (__be32 *)&option, sizeof(option), 0), 0))
		return -1;
	return settle_lengths(skb, total, words);
}

/* Makes the packet the one that carries the header: what data it had is gone. */
static __noinline int become_header(struct __sk_buff *skb, const struct connection *connection)
{
	struct proxy_header header = {
		.signature = {0x0d, 0x0a, 0x0d, 0x0a, 0x00, 0x0d, 0x0a, 0x51, 0x55, 0x49, 0x54, 0x0a},
		.version = PROXY_VERSION_2,
		.family = PROXY_TCP4,
		.length = bpf_htons(12),
		.source = connection->key.client,
		.target = connection->key.virtual_address,
		.source_port = connection->key.client_port,
		.target_port = connection->key.virtual_port,
	};
	void *data = data_of(skb, FRONT_TC);
	const struct iphdr *ip = data + ETH_HLEN;
	__u32 front_length, payload;
	__s64 lost = 0;
	__be16 words;

	if (data + TCP_END > data_end_of(skb, FRONT_TC))
		return -1;
	words = *(__be16 *)(data + TCP_LENGTH_OFFSET);
	front_length = sizeof(*ip) + (bpf_ntohs(words) >> 12) * 4;
	payload = bpf_ntohs(ip->tot_len) - front_length;
	words = (words & ~bpf_htons(TCP_FIN)) | bpf_htons(TCP_PSH | TCP_ACK);
	/* Of a large frame the checksum is still open, and knows nothing of the data. */
	if (payload && !skb->gso_size)
		lost = sum_bytes(skb, FRONT_TC, ETH_HLEN + front_length, payload);
	if (lost < 0)
		return -1;
	if (bpf_skb_change_tail(skb, ETH_HLEN + front_length + sizeof(header), 0))
		return -1;
	if (bpf_skb_store_bytes(skb, ETH_HLEN + front_length, &header, sizeof(header), 0))
		return -1;
	lost = fold(bpf_csum_diff(0, 0, (__be32 *)&header, sizeof(header), 0)) + (0xffff - lost);
	if (bpf_l4_csum_replace(skb, TCP_CHECK_OFFSET, 0, lost, 0))
		return -1;
	return settle_lengths(skb, front_length + sizeof(header), words);
}

/* The header goes before the client's first byte. A packet that has data already, or ends the connection,
 * goes first as a copy, so that neither is lost: the real server puts them in order. */
static __always_inline int tell_by_header(struct __sk_buff *skb, const struct next_hop *hop,
					  const struct connection *connection,
					  struct translation *translation, __u8 flags)
{
	void *data = data_of(skb, FRONT_TC);
	const struct iphdr *ip = data + ETH_HLEN;
	__u32 number, length;

	if (data + TCP_END > data_end_of(skb, FRONT_TC))
		return -1;
	number = read_number(data, TCP_SEQUENCE_OFFSET);
	length = sizeof(*ip) + (*((__u8 *)data + TCP_LENGTH_OFFSET) >> 4) * 4;
	if ((bpf_ntohs(ip->tot_len) > length || (flags & TCP_FIN)) && hop->status != HOP_UNRESOLVED) {
		if (replace_number(skb, FRONT_TC, TCP_SEQUENCE_OFFSET, number + sizeof(struct proxy_header)))
			return -1;
		bpf_clone_redirect(skb, hop->ifindex, 0);
		if (replace_number(skb, FRONT_TC, TCP_SEQUENCE_OFFSET, number))
			return -1;
	}
	translation->flags |= TRANSLATION_HEADER_SENT;
	return become_header(skb, connection);
}

/* What the real server is told of the client with this packet. */
static __always_inline int tell_of_client(void *ctx, enum front front, const struct next_hop *hop,
					  const struct connection *connection,
					  struct translation *translation, __u8 flags)
{
	void *data = data_of(ctx, front);
	__u32 length;

	if (front == FRONT_XDP)
		return translation->tells == TELLS_PROXY_HEADER ?
			       shift_request(ctx, front, translation, flags) :
			       0;
	if (data + TCP_END > data_end_of(ctx, front))
		return -1;
	length = (*((__u8 *)data + TCP_LENGTH_OFFSET) >> 4) * 4 - 20;
	if (flags & TCP_SYN) {
		translation->start = read_number(data, TCP_SEQUENCE_OFFSET);
		translation->flags = 0;
		if (translation->tells == TELLS_PROXY_HEADER)
			return strip_options(ctx, length);
		if (bpf_ntohs(((struct iphdr *)(data + ETH_HLEN))->tot_len) != 40 + length)
			return 0;
		return insert_option(ctx, connection, length);
	}
	if (!changes_length(data, data_end_of(ctx, front), translation, flags))
		return translation->tells == TELLS_PROXY_HEADER ?
			       shift_request(ctx, front, translation, flags) :
			       0;
	if (translation->tells == TELLS_PROXY_HEADER)
		return tell_by_header(ctx, hop, connection, translation, flags);
	return insert_option(ctx, connection, length);
}

/* Replaces both ends of a packet; the first pair is its source from here on. */
static __always_inline int rewrite_both(void *ctx, enum front front, __u8 protocol, __be32 source,
					__be16 source_port, __be32 target, __be16 target_port)
{
	void *data = data_of(ctx, front), *end = data_end_of(ctx, front);

	if (data + UDP_END > end || rewrite(ctx, front, data, end, protocol, 0, target, target_port))
		return -1;
	data = data_of(ctx, front);
	end = data_end_of(ctx, front);
	if (data + UDP_END > end)
		return -1;
	return rewrite(ctx, front, data, end, protocol, 1, source, source_port);
}

/* A client's packet, whose TTL is lowered already. */
static __always_inline int fullnat_request(void *ctx, enum front front, const struct destination *destination,
					   const struct next_hop *hop, const struct connection *connection,
					   struct translation *translation, __u8 flags)
{
	const struct borrowed_key *as = &translation->borrowed;
	void *data;

	if (rewrite_both(ctx, front, connection->key.protocol, as->source.words[0], as->source_port,
			 as->real.words[0], as->real_port))
		return drop(front);
	data = data_of(ctx, front);
	if (data + ETH_HLEN > data_end_of(ctx, front))
		return drop(front);
	if (hop->status != HOP_UNRESOLVED)
		address_frame(data, hop->link);
	if (unlikely(translation->tells != TELLS_NOTHING) &&
	    tell_of_client(ctx, front, hop, connection, translation, flags))
		return drop(front);
	if (front != FRONT_XDP && unlikely(hop->status == HOP_UNRESOLVED))
		return send_unresolved(ctx, destination, hop);
	return send(ctx, front, hop->ifindex);
}

/* The number of the connection that a packet to a borrowed address and port answers; 0: none. */
static __noinline __u32 answered_by(const struct iphdr *ip, const struct ports *ports)
{
	struct borrowed_key key = {
		.real.words[0] = ip->saddr,
		.source.words[0] = ip->daddr,
		.real_port = ports->source,
		.source_port = ports->target,
		.protocol = ip->protocol,
		.family = IPV4,
	};
	const struct borrowed *found = bpf_map_lookup_elem(&borrowed, &key);

	return found ? found->number : 0;
}

#endif
