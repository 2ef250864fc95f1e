/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* Keys and values of the pinned maps, as in layout.h: what TUN and FULLNAT need. */
#ifndef KEELSON_LAYOUT_FORWARDING_H
#define KEELSON_LAYOUT_FORWARDING_H

#define TUNNEL_IPIP 0
#define TUNNEL_GUE 1
#define TUNNEL_GRE 2

/* How packets to a TUN destination are wrapped; at its place in `tunnels`. */
struct tunnel {
	__u8 type;
	__u8 checksummed;
	__be16 port; /* GUE */
	__u16 path_mtu; /* for the outer packet, told by a router on the way; 0: nothing */
	__u8 remote_checksum; /* as the administrator put it: `checksummed` is set too */
	__u8 zero;
	__u32 path_mtu_until; /* coarse clock */
	__u32 reserved;
	struct address source; /* of the outer packet, in the destination's family */
};

#define SOURCES_MAX 8

#define TELLS_NOTHING 0
#define TELLS_TCP_OPTION 1
#define TELLS_PROXY_HEADER 2

/* Who stands for the clients of a FULLNAT destination. */
struct sources {
	__u8 count;
	__u8 tells;
	__u8 automatic; /* the one address is the route's choice */
	__u8 zero;
	__u16 first_port;
	__u16 ports;
	struct address addresses[SOURCES_MAX];
};

/* How a FULLNAT real server sees a connection; what its replies are found by. */
struct borrowed_key {
	struct address real;
	struct address source;
	__be16 real_port;
	__be16 source_port;
	__u8 protocol;
	__u8 family;
	__u8 zero[2];
};

struct borrowed {
	__u32 number; /* of the connection */
	__u32 zero;
};

#define TRANSLATION_HEADER_SENT 1 /* the client's bytes are shifted from here on */
#define TRANSLATION_HEADER_SEEN 2 /* the real server has acknowledged it */

/* A FULLNAT connection's other half, by its number. */
struct translation {
	struct borrowed_key borrowed;
	__u8 tells;
	__u8 flags;
	__u8 zero[2];
	__u32 start; /* the client's first sequence number */
};

#endif
