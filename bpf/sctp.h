/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* SCTP: associations by their first chunk, and the checksum, a CRC32c of the whole packet, which can be
 * corrected without reading it. */
#ifndef KEELSON_SCTP_H
#define KEELSON_SCTP_H

#include "states.h"

#define SCTP_HEADER 12
#define SCTP_CHECK_OFFSET 8

#define SCTP_INIT 1
#define SCTP_INIT_ACK 2
#define SCTP_ABORT 6
#define SCTP_SHUTDOWN 7
#define SCTP_SHUTDOWN_ACK 8
#define SCTP_ERROR 9
#define SCTP_COOKIE_ECHO 10
#define SCTP_COOKIE_ACK 11
#define SCTP_SHUTDOWN_COMPLETE 14

/* NONE INIT1 INIT COOKIE_SENT COOKIE_REPLIED COOKIE_WAIT COOKIE COOKIE_ECHOED ESTABLISHED
 * SHUTDOWN_SENT SHUTDOWN_RECEIVED SHUTDOWN_ACK_SENT REJECTED CLOSED */
enum sctp_state { sNO, sI1, sIN, sCS, sCR, sCW, sCO, sCE, sES, sSS, sSR, sSA, sRJ, sCL };

#define SCTP_STATE_ESTABLISHED sES
#define SCTP_STATE_CLOSED sCL

enum sctp_event {
	SCTP_ON_DATA,
	SCTP_ON_INIT,
	SCTP_ON_INIT_ACK,
	SCTP_ON_COOKIE_ECHO,
	SCTP_ON_COOKIE_ACK,
	SCTP_ON_SHUTDOWN,
	SCTP_ON_SHUTDOWN_ACK,
	SCTP_ON_SHUTDOWN_COMPLETE,
	SCTP_ON_ERROR,
	SCTP_ON_ABORT,
};

/* Columns are the current state. */
static const __u8 next_sctp_state[4][16][16] = {
	[INPUT] = {
		[SCTP_ON_DATA] = {sES, sI1, sIN, sCS, sCR, sCW, sCO, sCE, sES, sSS, sSR, sSA, sRJ, sCL},
		[SCTP_ON_INIT] = {sI1, sIN, sIN, sCS, sCR, sCW, sCO, sCE, sES, sSS, sSR, sSA, sIN, sIN},
		[SCTP_ON_INIT_ACK] = {sCW, sCW, sCW, sCS, sCR, sCO, sCO, sCE, sES, sSS, sSR, sSA, sRJ, sCL},
		[SCTP_ON_COOKIE_ECHO] = {sCR, sIN, sIN, sCR, sCR, sCW, sCO, sCE, sES, sSS, sSR, sSA, sRJ, sCL},
		[SCTP_ON_COOKIE_ACK] = {sES, sI1, sIN, sCS, sCR, sCW, sCO, sES, sES, sSS, sSR, sSA, sRJ, sCL},
		[SCTP_ON_SHUTDOWN] = {sSR, sI1, sIN, sCS, sCR, sCW, sCO, sCE, sSR, sSS, sSR, sSA, sRJ, sCL},
		[SCTP_ON_SHUTDOWN_ACK] = {sCL, sIN, sIN, sCS, sCR, sCW, sCO, sCE, sES, sCL, sSR, sCL, sRJ, sCL},
		[SCTP_ON_SHUTDOWN_COMPLETE] = {sCL, sCL, sCL, sCS, sCR, sCW, sCO, sCE, sES, sSS, sSR, sCL, sRJ, sCL},
		[SCTP_ON_ERROR] = {sCL, sI1, sIN, sCS, sCR, sCW, sCO, sCL, sES, sSS, sSR, sSA, sRJ, sCL},
		[SCTP_ON_ABORT] = {sCL, sCL, sCL, sCL, sCL, sRJ, sCL, sCL, sCL, sCL, sCL, sCL, sCL, sCL},
	},
	[OUTPUT] = {
		[SCTP_ON_DATA] = {sES, sI1, sIN, sCS, sCR, sCW, sCO, sCE, sES, sSS, sSR, sSA, sRJ, sCL},
		[SCTP_ON_INIT] = {sCW, sCW, sCW, sCW, sCW, sCW, sCW, sCW, sES, sCW, sCW, sCW, sCW, sCW},
		[SCTP_ON_INIT_ACK] = {sCS, sCS, sCS, sCS, sCR, sCW, sCO, sCE, sES, sSS, sSR, sSA, sRJ, sCL},
		[SCTP_ON_COOKIE_ECHO] = {sCE, sCE, sCE, sCE, sCE, sCE, sCE, sCE, sES, sSS, sSR, sSA, sRJ, sCL},
		[SCTP_ON_COOKIE_ACK] = {sES, sES, sES, sES, sES, sES, sES, sES, sES, sSS, sSR, sSA, sRJ, sCL},
		[SCTP_ON_SHUTDOWN] = {sSS, sSS, sSS, sSS, sSS, sSS, sSS, sSS, sSS, sSS, sSR, sSA, sRJ, sCL},
		[SCTP_ON_SHUTDOWN_ACK] = {sSA, sSA, sSA, sSA, sSA, sCW, sCO, sCE, sES, sSA, sSA, sSA, sRJ, sCL},
		[SCTP_ON_SHUTDOWN_COMPLETE] = {sCL, sI1, sIN, sCS, sCR, sCW, sCO, sCE, sES, sSS, sSR, sSA, sRJ, sCL},
		[SCTP_ON_ERROR] = {sCL, sCL, sCL, sCL, sCL, sCW, sCO, sCE, sES, sSS, sSR, sSA, sRJ, sCL},
		[SCTP_ON_ABORT] = {sCL, sRJ, sCL, sCL, sCL, sCL, sCL, sCL, sCL, sCL, sCL, sCL, sCL, sCL},
	},
	[INPUT_ONLY] = {
		[SCTP_ON_DATA] = {sES, sI1, sIN, sCS, sCR, sES, sCO, sCE, sES, sSS, sSR, sSA, sRJ, sCL},
		[SCTP_ON_INIT] = {sI1, sIN, sIN, sIN, sIN, sIN, sCO, sCE, sES, sSS, sSR, sSA, sIN, sIN},
		[SCTP_ON_INIT_ACK] = {sCE, sCE, sCE, sCE, sCE, sCE, sCO, sCE, sES, sSS, sSR, sSA, sRJ, sCL},
		[SCTP_ON_COOKIE_ECHO] = {sES, sES, sES, sES, sES, sES, sCO, sCE, sES, sSS, sSR, sSA, sRJ, sCL},
		[SCTP_ON_COOKIE_ACK] = {sES, sI1, sIN, sES, sES, sCW, sES, sES, sES, sSS, sSR, sSA, sRJ, sCL},
		[SCTP_ON_SHUTDOWN] = {sSR, sI1, sIN, sCS, sCR, sCW, sCO, sCE, sSR, sSS, sSR, sSA, sRJ, sCL},
		[SCTP_ON_SHUTDOWN_ACK] = {sCL, sIN, sIN, sCS, sCR, sCW, sCO, sCE, sCL, sCL, sSR, sCL, sRJ, sCL},
		[SCTP_ON_SHUTDOWN_COMPLETE] = {sCL, sCL, sCL, sCL, sCL, sCW, sCO, sCE, sES, sSS, sCL, sCL, sRJ, sCL},
		[SCTP_ON_ERROR] = {sCL, sI1, sIN, sCS, sCR, sCW, sCO, sCE, sES, sSS, sSR, sSA, sRJ, sCL},
		[SCTP_ON_ABORT] = {sCL, sCL, sCL, sCL, sCL, sRJ, sCL, sCL, sCL, sCL, sCL, sCL, sCL, sCL},
	},
};

static __always_inline __u8 sctp_event(__u8 chunk)
{
	switch (chunk) {
	case SCTP_INIT:
		return SCTP_ON_INIT;
	case SCTP_INIT_ACK:
		return SCTP_ON_INIT_ACK;
	case SCTP_ABORT:
		return SCTP_ON_ABORT;
	case SCTP_SHUTDOWN:
		return SCTP_ON_SHUTDOWN;
	case SCTP_SHUTDOWN_ACK:
		return SCTP_ON_SHUTDOWN_ACK;
	case SCTP_ERROR:
		return SCTP_ON_ERROR;
	case SCTP_COOKIE_ECHO:
		return SCTP_ON_COOKIE_ECHO;
	case SCTP_COOKIE_ACK:
		return SCTP_ON_COOKIE_ACK;
	case SCTP_SHUTDOWN_COMPLETE:
		return SCTP_ON_SHUTDOWN_COMPLETE;
	}
	return SCTP_ON_DATA;
}

/* The polynomial, its lowest power in the highest bit. */
#define CRC32C 0x82f63b78u

/* What a CRC becomes by 1, 2, 4 ... 32768 more bytes of zeros: x^8, x^16, x^32 ... */
static const __u32 zeros_by_power[16] = {
	0x00800000, 0x00008000, 0x82f63b78, 0x6ea2d55c, 0x18b8ea18, 0x510ac59a, 0xb82be955, 0xb8fdb1e7,
	0x88e56f72, 0x74c360a4, 0xe4172b16, 0x0d65762a, 0x35d73a62, 0x28461564, 0xbf455269, 0xe2ea32dc,
};

/* Product of two polynomials modulo CRC32c; without branches, which the verifier would multiply, too. */
static __always_inline __u32 crc_product(__u32 a, __u32 b)
{
	__u32 product = 0;

	for (int i = 0; i < 32; i++) {
		product ^= b & -(a >> 31);
		a <<= 1;
		b = (b >> 1) ^ (CRC32C & -(b & 1));
	}
	return product;
}

/* How the checksum of a packet of `length` bytes changes when its first four bytes change by `difference`
 * (exclusive or, as they stand in memory): a CRC is linear, so the rest of the packet does not matter. */
__noinline __u32 crc_change(__u32 difference, __u32 length)
{
	__u32 change = difference;
	__u32 rest = length - 4;

	for (int i = 0; i < 32; i++)
		change = (change >> 1) ^ (CRC32C & -(change & 1));
	for (int i = 0; i < 16; i++) {
		__u32 shifted = crc_product(zeros_by_power[i], change);
		__u32 taken = -((rest >> i) & 1);

		change = (shifted & taken) | (change & ~taken);
	}
	return change;
}

#endif
