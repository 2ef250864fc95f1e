// What an administrator can set for the whole balancer: IPVS's sysctls and `ipvsadm --set`.

/** Names of the kernel's sysctls in brackets; ranges and defaults are the kernel's. */
export interface BalancerSettings {
  /** Seconds without a packet; `ipvsadm --set`. */
  readonly tcpEstablishedTimeoutS: number;
  readonly tcpFinTimeoutS: number;
  readonly udpTimeoutS: number;
  /** A packet of a connection whose real server was removed starts a new one [expire_nodest_conn]. */
  readonly expireNodestConnections: boolean;
  /** Weight 0 ends the persistence of clients too [expire_quiescent_template]. */
  readonly expireQuiescentTemplates: boolean;
  /** Bit 0: a SYN on a connection in TIME_WAIT or CLOSE is a new one; bit 1: FIN_WAIT too [conn_reuse_mode]. */
  readonly connectionReuseMode: number;
  /** Any segment but RST may start a connection [sloppy_tcp]. */
  readonly sloppyTcp: boolean;
  /** Any chunk may start an association [sloppy_sctp]. */
  readonly sloppySctp: boolean;
  /** A packet of a service by mark without a server goes where it was going [cache_bypass]. */
  readonly cacheBypass: boolean;
  /** An unknown packet of a NAT real server is answered by ICMP port unreachable [nat_icmp_send]. */
  readonly natIcmpSend: boolean;
  /** An ICMP error about no known connection is scheduled by what it quotes [schedule_icmp]. */
  readonly scheduleIcmp: boolean;
  /** False: tunnels ignore DF, so that path MTU discovery sees nothing of them [pmtu_disc]. */
  readonly pathMtuDiscovery: boolean;
  /** A director that receives connections from another does not balance itself [backup_only]. */
  readonly backupOnly: boolean;
  /** Seconds that lblc and lblcr remember a destination without packets [lblc_expiration, lblcr_expiration]. */
  readonly lblcExpirationS: number;
  readonly lblcrExpirationS: number;
  /** Packet of a connection that is copied first, and again every `syncPeriod` [sync_threshold]. */
  readonly syncThreshold: number;
  readonly syncPeriod: number;
  /** Seconds after which a connection is copied again though nothing changed; 0: by packets [sync_refresh_period]. */
  readonly syncRefreshPeriodS: number;
  /** 0..3 [sync_retries]. */
  readonly syncRetries: number;
  /** Connections that a template brings are not copied [sync_persist_mode]. */
  readonly syncPersistMode: boolean;
}

/** The kernel's defaults. */
export const defaultBalancerSettings: BalancerSettings = {
  tcpEstablishedTimeoutS: 900,
  tcpFinTimeoutS: 120,
  udpTimeoutS: 300,
  expireNodestConnections: false,
  expireQuiescentTemplates: false,
  connectionReuseMode: 1,
  sloppyTcp: false,
  sloppySctp: false,
  cacheBypass: false,
  natIcmpSend: false,
  scheduleIcmp: false,
  pathMtuDiscovery: true,
  backupOnly: false,
  lblcExpirationS: 86_400,
  lblcrExpirationS: 86_400,
  syncThreshold: 3,
  syncPeriod: 50,
  syncRefreshPeriodS: 0,
  syncRetries: 0,
  syncPersistMode: false,
};
