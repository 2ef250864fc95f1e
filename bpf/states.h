/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* TCP states of a connection as a director sees them. A director in DR sees one direction only, so it
 * has a table of its own. Columns are the current state, rows the flags of the packet. */
#ifndef KEELSON_STATES_H
#define KEELSON_STATES_H

#include <linux/types.h>

enum tcp_state { NO, ES, SS, SR, FW, TW, CL, CW, LA, LI, SA };

#define STATE_NONE NO
#define STATE_ESTABLISHED ES
#define STATE_FIN_WAIT FW
#define STATE_TIME_WAIT TW
#define STATE_CLOSE CL

enum tcp_event { ON_SYN, ON_FIN, ON_ACK, ON_RST, ON_NOTHING };
enum direction { INPUT, OUTPUT, INPUT_ONLY };

#define TCP_FIN 0x01
#define TCP_SYN 0x02
#define TCP_RST 0x04
#define TCP_ACK 0x10

#define IS_ACTIVE_MASK ((1u << ES) | (1u << SS) | (1u << SR) | (1u << SA))
#define IS_HALF_OPEN_MASK ((1u << SS) | (1u << SR) | (1u << SA))

static const __u8 next_state[4][8][16] = {
	[INPUT] = {
		/*              NO  ES  SS  SR  FW  TW  CL  CW  LA  LI  SA */
		[ON_SYN] =     {SR, ES, ES, SR, SR, SR, SR, SR, SR, SR, SR},
		[ON_FIN] =     {CL, CW, SS, TW, TW, TW, CL, CW, LA, LI, TW},
		[ON_ACK] =     {ES, ES, SS, ES, FW, TW, CL, CW, CL, LI, ES},
		[ON_RST] =     {CL, CL, CL, SR, CL, CL, CL, CL, LA, LI, SR},
		[ON_NOTHING] = {CL, CL, CL, CL, CL, CL, CL, CL, CL, CL, CL},
	},
	[OUTPUT] = {
		[ON_SYN] =     {SS, ES, SS, SR, SS, SS, SS, SS, SS, LI, SR},
		[ON_FIN] =     {TW, FW, SS, TW, FW, TW, CL, TW, LA, LI, TW},
		[ON_ACK] =     {ES, ES, SS, ES, FW, TW, CL, CW, LA, ES, ES},
		[ON_RST] =     {CL, CL, SS, CL, CL, TW, CL, CL, CL, CL, CL},
		[ON_NOTHING] = {CL, CL, CL, CL, CL, CL, CL, CL, CL, CL, CL},
	},
	[INPUT_ONLY] = {
		[ON_SYN] =     {SR, ES, ES, SR, SR, SR, SR, SR, SR, SR, SR},
		[ON_FIN] =     {CL, FW, SS, TW, FW, TW, CL, CW, LA, LI, TW},
		[ON_ACK] =     {ES, ES, SS, ES, FW, TW, CL, CW, CL, LI, ES},
		[ON_RST] =     {CL, CL, CL, SR, CL, CL, CL, CL, LA, LI, CL},
		[ON_NOTHING] = {CL, CL, CL, CL, CL, CL, CL, CL, CL, CL, CL},
	},
};

static __always_inline __u32 tcp_event(__u8 flags)
{
	if (flags & TCP_RST)
		return ON_RST;
	if (flags & TCP_SYN)
		return ON_SYN;
	if (flags & TCP_FIN)
		return ON_FIN;
	if (flags & TCP_ACK)
		return ON_ACK;
	return ON_NOTHING;
}

static __always_inline __u32 state_after(__u32 state, __u32 direction, __u8 flags)
{
	return next_state[direction & 3][tcp_event(flags)][state & 15];
}

static __always_inline int is_active(__u32 state)
{
	return (IS_ACTIVE_MASK >> (state & 15)) & 1;
}

static __always_inline int is_half_open(__u32 state)
{
	return (IS_HALF_OPEN_MASK >> (state & 15)) & 1;
}

#endif
