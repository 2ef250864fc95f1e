/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* Keys and values of the pinned maps. src/wire/maps/ reads and writes the same bytes; a test compares
 * both with the BTF of the compiled object. Whoever changes a size or an offset here raises the schema
 * version in src/wire/maps/schema.ts, because a daemon adopts the maps of the one before it. */
#ifndef KEELSON_LAYOUT_H
#define KEELSON_LAYOUT_H

#include <linux/types.h>

/* Powers of two: indices are masked for the verifier. */
#define DESTINATIONS_MAX 16384
#define CANDIDATES_MAX 256
#define SERVICES_MAX 4096
#define FILTER_SLOTS 65536

/* Of both families: an IPv4 address stands in the first word, and the others are zero. */
struct address {
	__be32 words[4];
};

#define IPV4 4
#define IPV6 6

/* What a client talks to, or where a real server listens. Protocol 0: a firewall mark, which stands in
 * the address's first word in network order. */
struct endpoint_key {
	struct address address;
	__be16 port;
	__u8 protocol;
	__u8 family; /* IPV4, IPV6 */
};

/* Both directions of a connection share one entry, keyed by what the client sees. Addresses and ports
 * stand as in a packet of the client, so that the key is made of two 8-byte stores: smaller ones would
 * stall the hash that reads it at once. Of an IPv6 address it holds a seeded fold, and whoever finds a
 * connection compares the addresses in `addresses6`. */
struct connection_key {
	__be32 client;
	__be32 virtual_address;
	__be16 client_port;
	__be16 virtual_port;
	__u8 protocol;
	__u8 family; /* IPV4, IPV6 */
	__u8 zero[2];
};

/* Both addresses that a client sees. Values of `addresses6`, which stand beside `connections`. */
struct ends {
	struct address client;
	struct address virtual_address;
};

/* What is persistent: a client's network at a service. Those of a persistence group and of a firewall
 * mark have protocol 0, and the number for an address. */
struct template_key {
	struct address client;
	struct address virtual_address;
	__be16 virtual_port;
	__u8 protocol;
	__u8 family;
};

#define CONNECTION_STATE 0xffu
#define CONNECTION_ACTIVE 0x100u    /* counted as active, else as inactive */
#define CONNECTION_NO_OUTPUT 0x200u /* only the client's packets are seen */
#define CONNECTION_DEAD 0x400u      /* somebody is taking it out */
#define CONNECTION_INDEXED 0x800u   /* has an entry in `replies` */
#define CONNECTION_ASSURED 0x1000u  /* its template knows of a reply */
#define CONNECTION_GROUP 0x2000u    /* its template is that of a persistence group */
#define CONNECTION_SYNCED 0x4000u   /* it came from another director */
#define CONNECTION_USED 0x8000u     /* else it is free */

/* One connection with its key: exactly a cache line. */
struct connection {
	struct connection_key key;
	__u32 word; /* state and CONNECTION_ flags; 0: free; changed by compare-and-swap only */
	__u32 expires; /* coarse clock */
	__u32 destination; /* index into `destinations` */
	__u8 generation; /* of that destination */
	__u8 prefix; /* of its template plus one; 0: no template */
	__be16 template_port;
	__be32 real_address; /* of IPv4; an IPv6 one is its destination's */
	__be16 real_port;
	__u8 method;
	__u8 front; /* the hook that met the client's last packet: enum front */
	__u32 ifindex; /* where the client's packets come in */
	__u32 link[3]; /* our MAC and the client's next hop's, as in the frame's header */
	__u32 number; /* its place in `connections`, plus one */
	__u32 slot; /* of `slots` that leads here; while free, the next free one */
};

/* Which real server a client's network has. */
struct template {
	__u32 destination;
	__u32 expires;
	__u32 timeout; /* coarse clock units */
	__u32 controlled; /* connections that hold it */
	__u8 generation;
	__u8 assured;
	__u8 zero[2];
};

#define SERVICE_PERSISTENT 1u
#define SERVICE_ONE_PACKET 2u
#define SERVICE_FALLBACK 4u /* flag-1: sh and mh try others when their choice takes nobody */
#define SERVICE_HASH_PORT 8u /* flag-2: sh and mh hash the client's port too */
#define SERVICE_FLAG_3 16u

#define SCHEDULER_RR 0
#define SCHEDULER_WRR 1
#define SCHEDULER_WLC 2
#define SCHEDULER_LC 3
#define SCHEDULER_SED 4
#define SCHEDULER_NQ 5
#define SCHEDULER_FO 6
#define SCHEDULER_OVF 7
#define SCHEDULER_LBLC 8
#define SCHEDULER_LBLCR 9
#define SCHEDULER_DH 10
#define SCHEDULER_SH 11
#define SCHEDULER_MH 12
#define SCHEDULER_TWOS 13

#define METHOD_NAT 0
#define METHOD_TUN 2
#define METHOD_DR 3
#define METHOD_FULLNAT 5 /* IPVS has none of this number */

/* A destination as its service's scheduler sees it. */
struct candidate {
	__u32 destination;
	__u32 weight;
	struct address address;
	__be16 port;
	__u8 method;
	__u8 generation;
	__u32 upper_threshold;
	__u32 lower_threshold;
	__u8 family;
	__u8 zero[3];
	__u32 last_weight; /* the last that was not 0: mh's table is made of it */
};

/* A whole service in one value, so that replacing it is atomic for packets. */
struct service {
	__u32 scheduler;
	__u32 flags;
	__u32 persistence_seconds;
	__u32 persistence_prefix;
	__u64 cursor; /* rr, wrr: place in the list plus one, current weight << 32 */
	__u32 weight_max; /* wrr: greatest weight in the weights' walk */
	__u32 weight_step; /* wrr: greatest common divisor */
	__u32 count;
	__u32 table; /* dh, sh, mh: key of `schedule_tables`; lblc, lblcr: what their memory goes by */
	__u32 persistence_group; /* services of one number share their templates; 0: none */
	__u32 reserved;
	__u64 retired[5]; /* counters of destinations that are gone */
	struct candidate candidates[CANDIDATES_MAX]; /* the last added first, as IPVS walks them */
};

#define HASH_PLACES_BITS 8
#define HASH_PLACES (1u << HASH_PLACES_BITS) /* of dh and sh */
#define MAGLEV_PLACES 4093u /* of mh: the kernel's default */
#define PLACES_MAX 4096u

/* A lookup table: places of candidates. A service that changes gets a new one under a new number, so that
 * a packet sees the old service with the old table or the new one with the new. */
struct places {
	__u8 of[PLACES_MAX];
};

#define LOCALITY_MEMBERS 32

/* An address that clients ask for at a service of lblc or lblcr. */
struct locality_key {
	__u32 table; /* the service's */
	struct address address;
};

/* Who has it: lblc one destination, lblcr a set, the last added last. */
struct locality {
	__u32 used; /* coarse clock */
	__u32 changed;
	__u32 rule; /* SCHEDULER_ */
	__u32 count;
	__u32 members[LOCALITY_MEMBERS]; /* destination, generation << 24 */
};

#define HOP_NONE 0 /* no route: packets are dropped and counted */
#define HOP_READY 1
#define HOP_UNRESOLVED 2 /* route known, MAC unknown */
#define HOP_READY_FOR_TC 3 /* MAC known, but XDP cannot send out of that interface */

struct next_hop {
	__u32 ifindex;
	__u16 mtu;
	__u8 status;
	__u8 family; /* of its gateway */
	__u32 link[3]; /* the frame's new MAC addresses: target, source */
};

#define DESTINATION_USED 1
#define DESTINATION_AVAILABLE 2 /* in a service; else it waits for its last connection */
#define DESTINATION_LOCAL 4 /* an address of this host */
#define DESTINATION_SHARED 8 /* another service has the same NAT real server */
#define DESTINATION_SECOND_HOP 16 /* which of the two hops is in force */

/* Two cache lines, of which an IPv4 packet touches the first. */
struct destination {
	__u8 flags;
	__u8 method;
	__u8 protocol; /* of its service; 0: a firewall mark, which stands in `virtual_address` */
	__u8 generation;
	__u8 family;
	__u8 virtual_family;
	__u8 zero[2];
	__be16 port;
	__be16 virtual_port;
	struct next_hop hops[2];
	__u32 persistence_group; /* of its service */
	__u32 reserved[2];
	struct address address;
	struct address virtual_address;
	struct address gateways[2]; /* whose MACs the hops have: the destination itself when on the link */
};

struct load {
	__u32 active;
	__u32 inactive;
	__u32 persistent;
	__u32 reserved;
};

struct limit {
	__u32 upper;
	__u32 lower;
	__u32 overloaded;
	__u32 reserved;
};

struct counters {
	__u64 connections;
	__u64 in_packets;
	__u64 in_bytes;
	__u64 out_packets;
	__u64 out_bytes;
};

/* To whom a real server's NAT replies belong. */
struct real {
	struct address virtual_address;
	__be16 virtual_port;
	__u8 shared; /* several services: `replies` knows */
	__u8 zero;
};

struct reply_key {
	struct address client;
	struct address real;
	__be16 client_port;
	__be16 real_port;
	__u8 protocol;
	__u8 family;
	__u8 zero[2];
};

struct reply {
	struct address virtual_address;
	__be16 virtual_port;
	__u8 zero[2];
};

/* The pieces of one packet, and the ports that its first one has. */
struct piece_key {
	struct address source;
	struct address target;
	__be32 id;
	__u8 protocol;
	__u8 family;
	__u8 zero[2];
};

struct piece {
	__be16 source_port;
	__be16 target_port;
	__u32 expires; /* coarse clock */
};

#define FILTER_VIRTUAL 1 /* some service has an address of this slot */
#define FILTER_REAL 2 /* some NAT destination has */
#define FILTER_ANY_PORT 4 /* some service of this slot takes any port */
#define FILTER_REAL_ANY_PORT 8
#define FILTER_OWN 16 /* stands for clients of FULLNAT, or sends the outer packets of TUN */

struct filter {
	__u8 slots[FILTER_SLOTS];
};

struct interface {
	__u8 mac[6];
	__u8 zero[2];
};

struct pressure {
	__u32 half_open;
	__u32 stateless_until; /* coarse clock: until then a first packet need not be a SYN */
	__u64 connections;
	__u64 free; /* first free connection that was used before; a count against confusion << 32 */
	__u32 begun; /* connections from here on have never been used */
	__u32 sweeps;
	__u64 seed[2]; /* of the table's hash: whoever adopts the table needs it */
	__u32 refused_at; /* coarse clock */
	__u32 refused; /* clients that were told so since then */
};

/* What happened to packets that were not simply forwarded. */
enum event {
	EVENT_FRAGMENT,
	EVENT_ODD_FORM,
	EVENT_NO_DESTINATION,
	EVENT_DESTINATION_GONE,
	EVENT_UNRESOLVED,
	EVENT_NO_ROUTE,
	EVENT_TTL,
	EVENT_STATELESS,
	EVENT_TABLE_FULL,
	EVENT_NOT_FOR_US,
	EVENT_ICMP_FORWARDED,
	EVENT_NOT_A_SYN,
	EVENT_MALFORMED,
	EVENT_TOO_BIG,
	EVENT_NO_PORT,
	EVENT_COPY_LOST,
	EVENT_COUNT,
};

struct event_counts {
	__u64 counts[16];
};

/* Fixed when the program is loaded, so the verifier folds it into the code. */
struct tuning {
	__u32 clock_shift; /* coarse clock = jiffies >> clock_shift */
	__u32 jiffies_per_second;
	__u32 half_open_max;
	__u32 connections_max;
	__u32 template_rearm; /* 60 s */
	__u32 stateless_grace;
	__u32 slot_mask; /* entries of `slots` less one */
	__u32 sctp_timeouts[16]; /* by state, in units */
	__u64 seed[2];
};

/* In and out of the programs that user space runs by itself. */
struct sweep_report {
	__u32 connections; /* seen alive */
	__u32 connections_removed;
	__u32 templates;
	__u32 templates_removed;
};

#include "layout-forwarding.h"

#endif
