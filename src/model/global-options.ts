// What else a configuration says of the whole director. Absent means: not said.

import type { IpAddress } from "../base/address.ts";
import type { BalancerSettings } from "./balancer-settings.ts";
import type { EventFifos, MailSettings, SnmpSettings } from "./notification.ts";
import type { Program } from "./program.ts";
import type { GarpGroup, VrrpDefaults } from "./vrrp-options.ts";
import type { LinkDelay } from "./vrrp-wish.ts";

/** How scripts are run [script_user, enable_script_security ...]. */
export interface ScriptSettings {
  readonly user?: string;
  readonly group?: string;
  /** True: what others than root can write is not run as root. */
  readonly security: boolean;
  readonly symlinkPaths: boolean;
  readonly supplementaryGroups: boolean;
}

/** A program that runs once. */
export interface OnceProgram extends Program {
  readonly timeoutMs: number;
}

/** Copies connections to the other director [lvs_sync_daemon]. */
export interface SyncDaemon {
  readonly interface: string;
  /** The instance whose state decides who sends; absent: both sides run. */
  readonly instance?: string;
  /** 0..255; the VRID of the instance when absent. */
  readonly id?: number;
  readonly packetBytesMax?: number;
  readonly port?: number;
  readonly ttl?: number;
  readonly group?: IpAddress;
}

/** Seconds without a packet after which connections are forgotten [lvs_timeouts]. */
export interface ConnectionTimeouts {
  readonly tcpS?: number;
  readonly tcpFinS?: number;
  readonly udpS?: number;
}

/** Priority and place of one process [checker_*, bfd_*]. */
export interface ProcessSettings {
  readonly nice?: number;
  readonly realtimePriority?: number;
  readonly cpus?: readonly number[];
  readonly realtimeLimitUs?: number;
}

/** Names and permissions of what the daemon leaves on the machine under keepalived's name. */
export interface DaemonTraces {
  /** True: files with process ids have a directory of their own [use_pid_dir]. */
  readonly ownPidDirectory?: boolean;
  /** Permissions that files lack [umask]. */
  readonly umask?: number;
  /** Titles of the main and the VRRP process [process_name, vrrp_process_name, process_names]. */
  readonly mainTitle?: string;
  readonly vrrpTitle?: string;
  /** True: names of dumps have the names of instance and namespace in them [data_use_instance]. */
  readonly dumpsNameInstance?: boolean;
  /** [json_version] */
  readonly jsonVersion?: 1 | 2;
  /** Where the dumps go; a directory where the text ends with `/` [state_dump_file ...]. */
  readonly stateDump?: string;
  readonly countersDump?: string;
  readonly jsonDump?: string;
}

/** Settings of global_defs and of the top level. */
export interface GlobalOptions {
  readonly netNamespace?: string;
  /** An empty text: the default namespace [net_namespace_ipvs]. */
  readonly balancerNamespace?: string;
  readonly instanceName?: string;
  readonly traces?: DaemonTraces;
  readonly vrrp?: VrrpDefaults;
  readonly startupDelayMs?: number;
  readonly delayAfterBootMs?: number;
  readonly garpIntervalMs?: number;
  readonly gnaIntervalMs?: number;
  readonly garpGroups?: readonly GarpGroup[];
  readonly linkDelays?: readonly LinkDelay[];
  readonly logUnknownVrids?: boolean;
  readonly defaultInterface?: string;
  readonly disableLocalIgmp?: boolean;
  readonly dynamicInterfaces?: "yes" | "allow_if_changes";
  readonly mail?: MailSettings;
  readonly fifos?: EventFifos;
  readonly snmp?: SnmpSettings;
  /** The name of the service; the usual one when empty [enable_dbus, dbus_service_name]. */
  readonly dbus?: { readonly service: string };
  readonly scripts?: ScriptSettings;
  /** How long one notify program may run; a minute when absent [notify_timeout]. */
  readonly notifyTimeoutMs?: number;
  readonly startup?: OnceProgram;
  readonly shutdown?: OnceProgram;
  readonly syncDaemon?: SyncDaemon;
  readonly connectionTimeouts?: ConnectionTimeouts;
  /** What is said of the whole balancer [lvs_timeouts, lvs_expire_nodest_conn ...]. */
  readonly balancer?: Partial<BalancerSettings>;
  readonly flushAtStart?: boolean;
  readonly flushAtStop?: "table" | "virtual-servers";
  readonly vrrpProcess?: ProcessSettings;
  readonly checkerProcess?: ProcessSettings;
  readonly bfdProcess?: ProcessSettings;
  /** How long the stop waits for the processes [child_wait_time]. */
  readonly childWaitMs?: number;
}
