/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* ICMP, as far as a balancer reads and writes it. Echo requests are the kernel's to answer. */
#ifndef KEELSON_ICMP_H
#define KEELSON_ICMP_H

#include "parse.h"

#define ICMP_DEST_UNREACH 3
#define ICMP_SOURCE_QUENCH 4
#define ICMP_TIME_EXCEEDED 11
#define ICMP6_INFORMATION 128 /* and above; errors are below */

struct icmphdr {
	__u8 type;
	__u8 code;
	__u16 checksum;
	__be32 rest;
};

#define INNER_OFFSET (L4_OFFSET + sizeof(struct icmphdr))
#define INNER_END (INNER_OFFSET + sizeof(struct iphdr) + 8)

static __always_inline int is_icmp_error(__u8 type)
{
	return type == ICMP_DEST_UNREACH || type == ICMP_SOURCE_QUENCH || type == ICMP_TIME_EXCEEDED;
}

#endif
