// What an administrator can set for the whole balancer: IPVS's sysctls and `ipvsadm --set`.

/** IPVS's names in brackets. */
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
}

/** The kernel's defaults. */
export const defaultSettings: BalancerSettings = {
  tcpEstablishedTimeoutS: 900,
  tcpFinTimeoutS: 120,
  udpTimeoutS: 300,
  expireNodestConnections: false,
  expireQuiescentTemplates: false,
  connectionReuseMode: 1,
  sloppyTcp: false,
};
