/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* What an administrator sets for the whole balancer while packets flow: IPVS's sysctls and
 * `ipvsadm --set`. User space sees the global as the map `settings`; it stays when the daemon goes. */
#ifndef KEELSON_SETTINGS_H
#define KEELSON_SETTINGS_H

#include <linux/types.h>

#define SETTING_EXPIRE_NODEST 0x1u      /* expire_nodest_conn */
#define SETTING_EXPIRE_QUIESCENT 0x2u   /* expire_quiescent_template */
#define SETTING_SLOPPY_TCP 0x4u         /* sloppy_tcp */
#define SETTING_SLOPPY_SCTP 0x8u        /* sloppy_sctp */
#define SETTING_CACHE_BYPASS 0x10u      /* cache_bypass */
#define SETTING_NAT_ICMP 0x20u          /* nat_icmp_send */
#define SETTING_SCHEDULE_ICMP 0x40u     /* schedule_icmp */
#define SETTING_PATH_MTU 0x80u          /* pmtu_disc */
#define SETTING_BACKUP_ONLY 0x100u      /* backup_only; acts while SETTING_RECEIVING */
#define SETTING_SYNC_PERSIST 0x200u     /* sync_persist_mode */
#define SETTING_COPYING 0x400u          /* a master sync daemon runs */
#define SETTING_RECEIVING 0x800u        /* a backup sync daemon runs */

/* conn_reuse_mode: with any bit a SYN in TIME_WAIT or CLOSE begins anew, with this one also in FIN_WAIT
 * where only the client is seen. */
#define REUSE_FIN_WAIT 2u

/* Times in units of the coarse clock. */
struct settings {
	__u32 flags; /* SETTING_ */
	__u32 reuse; /* conn_reuse_mode */
	__u32 tcp_timeouts[16]; /* by state */
	__u32 udp_timeout;
	__u32 lblc_expiration;
	__u32 lblcr_expiration;
	__u32 sync_threshold; /* which packet of a period is copied */
	__u32 sync_period; /* packets; 0: only the one at the threshold */
	__u32 sync_refresh; /* 0: by packets only */
	__u32 sync_retries; /* 0..3 */
	__u32 reserved;
};

struct settings settings SEC(".data.settings") = {};

#endif
