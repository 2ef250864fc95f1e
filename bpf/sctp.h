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
enum sctp_state { A_NO, A_I1, A_IN, A_CS, A_CR, A_CW, A_CO, A_CE, A_ES, A_SS, A_SR, A_SA, A_RJ, A_CL };

#define SCTP_STATE_ESTABLISHED A_ES
#define SCTP_STATE_CLOSED A_CL

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

/* One column for each state that an association is in; `A_`: of an association. */
static const __u8 next_sctp_state[4][16][16] = {
	[INPUT] = {
		[SCTP_ON_DATA] = {A_ES, A_I1, A_IN, A_CS, A_CR, A_CW, A_CO, A_CE, A_ES, A_SS, A_SR, A_SA, A_RJ, A_CL},
		[SCTP_ON_INIT] = {A_I1, A_IN, A_IN, A_CS, A_CR, A_CW, A_CO, A_CE, A_ES, A_SS, A_SR, A_SA, A_IN, A_IN},
		[SCTP_ON_INIT_ACK] = {A_CW, A_CW, A_CW, A_CS, A_CR, A_CO, A_CO, A_CE, A_ES, A_SS, A_SR, A_SA, A_RJ, A_CL},
		[SCTP_ON_COOKIE_ECHO] = {A_CR, A_IN, A_IN, A_CR, A_CR, A_CW, A_CO, A_CE, A_ES, A_SS, A_SR, A_SA, A_RJ, A_CL},
		[SCTP_ON_COOKIE_ACK] = {A_ES, A_I1, A_IN, A_CS, A_CR, A_CW, A_CO, A_ES, A_ES, A_SS, A_SR, A_SA, A_RJ, A_CL},
		[SCTP_ON_SHUTDOWN] = {A_SR, A_I1, A_IN, A_CS, A_CR, A_CW, A_CO, A_CE, A_SR, A_SS, A_SR, A_SA, A_RJ, A_CL},
		[SCTP_ON_SHUTDOWN_ACK] = {A_CL, A_IN, A_IN, A_CS, A_CR, A_CW, A_CO, A_CE, A_ES, A_CL, A_SR, A_CL, A_RJ, A_CL},
		[SCTP_ON_SHUTDOWN_COMPLETE] = {A_CL, A_CL, A_CL, A_CS, A_CR, A_CW, A_CO, A_CE, A_ES, A_SS, A_SR, A_CL, A_RJ, A_CL},
		[SCTP_ON_ERROR] = {A_CL, A_I1, A_IN, A_CS, A_CR, A_CW, A_CO, A_CL, A_ES, A_SS, A_SR, A_SA, A_RJ, A_CL},
		[SCTP_ON_ABORT] = {A_CL, A_CL, A_CL, A_CL, A_CL, A_RJ, A_CL, A_CL, A_CL, A_CL, A_CL, A_CL, A_CL, A_CL},
	},
	[OUTPUT] = {
		[SCTP_ON_DATA] = {A_ES, A_I1, A_IN, A_CS, A_CR, A_CW, A_CO, A_CE, A_ES, A_SS, A_SR, A_SA, A_RJ, A_CL},
		[SCTP_ON_INIT] = {A_CW, A_CW, A_CW, A_CW, A_CW, A_CW, A_CW, A_CW, A_ES, A_CW, A_CW, A_CW, A_CW, A_CW},
		[SCTP_ON_INIT_ACK] = {A_CS, A_CS, A_CS, A_CS, A_CR, A_CW, A_CO, A_CE, A_ES, A_SS, A_SR, A_SA, A_RJ, A_CL},
		[SCTP_ON_COOKIE_ECHO] = {A_CE, A_CE, A_CE, A_CE, A_CE, A_CE, A_CE, A_CE, A_ES, A_SS, A_SR, A_SA, A_RJ, A_CL},
		[SCTP_ON_COOKIE_ACK] = {A_ES, A_ES, A_ES, A_ES, A_ES, A_ES, A_ES, A_ES, A_ES, A_SS, A_SR, A_SA, A_RJ, A_CL},
		[SCTP_ON_SHUTDOWN] = {A_SS, A_SS, A_SS, A_SS, A_SS, A_SS, A_SS, A_SS, A_SS, A_SS, A_SR, A_SA, A_RJ, A_CL},
		[SCTP_ON_SHUTDOWN_ACK] = {A_SA, A_SA, A_SA, A_SA, A_SA, A_CW, A_CO, A_CE, A_ES, A_SA, A_SA, A_SA, A_RJ, A_CL},
		[SCTP_ON_SHUTDOWN_COMPLETE] = {A_CL, A_I1, A_IN, A_CS, A_CR, A_CW, A_CO, A_CE, A_ES, A_SS, A_SR, A_SA, A_RJ, A_CL},
		[SCTP_ON_ERROR] = {A_CL, A_CL, A_CL, A_CL, A_CL, A_CW, A_CO, A_CE, A_ES, A_SS, A_SR, A_SA, A_RJ, A_CL},
		[SCTP_ON_ABORT] = {A_CL, A_RJ, A_CL, A_CL, A_CL, A_CL, A_CL, A_CL, A_CL, A_CL, A_CL, A_CL, A_CL, A_CL},
	},
	[INPUT_ONLY] = {
		[SCTP_ON_DATA] = {A_ES, A_I1, A_IN, A_CS, A_CR, A_ES, A_CO, A_CE, A_ES, A_SS, A_SR, A_SA, A_RJ, A_CL},
		[SCTP_ON_INIT] = {A_I1, A_IN, A_IN, A_IN, A_IN, A_IN, A_CO, A_CE, A_ES, A_SS, A_SR, A_SA, A_IN, A_IN},
		[SCTP_ON_INIT_ACK] = {A_CE, A_CE, A_CE, A_CE, A_CE, A_CE, A_CO, A_CE, A_ES, A_SS, A_SR, A_SA, A_RJ, A_CL},
		[SCTP_ON_COOKIE_ECHO] = {A_ES, A_ES, A_ES, A_ES, A_ES, A_ES, A_CO, A_CE, A_ES, A_SS, A_SR, A_SA, A_RJ, A_CL},
		[SCTP_ON_COOKIE_ACK] = {A_ES, A_I1, A_IN, A_ES, A_ES, A_CW, A_ES, A_ES, A_ES, A_SS, A_SR, A_SA, A_RJ, A_CL},
		[SCTP_ON_SHUTDOWN] = {A_SR, A_I1, A_IN, A_CS, A_CR, A_CW, A_CO, A_CE, A_SR, A_SS, A_SR, A_SA, A_RJ, A_CL},
		[SCTP_ON_SHUTDOWN_ACK] = {A_CL, A_IN, A_IN, A_CS, A_CR, A_CW, A_CO, A_CE, A_CL, A_CL, A_SR, A_CL, A_RJ, A_CL},
		[SCTP_ON_SHUTDOWN_COMPLETE] = {A_CL, A_CL, A_CL, A_CL, A_CL, A_CW, A_CO, A_CE, A_ES, A_SS, A_CL, A_CL, A_RJ, A_CL},
		[SCTP_ON_ERROR] = {A_CL, A_I1, A_IN, A_CS, A_CR, A_CW, A_CO, A_CE, A_ES, A_SS, A_SR, A_SA, A_RJ, A_CL},
		[SCTP_ON_ABORT] = {A_CL, A_CL, A_CL, A_CL, A_CL, A_RJ, A_CL, A_CL, A_CL, A_CL, A_CL, A_CL, A_CL, A_CL},
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
