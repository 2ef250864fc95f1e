// Ports by their names in IANA's registry, as far as virtual servers have them. A table of our own: a file means the
// same on every machine, whatever its /etc/services holds.

const portsByName: Readonly<Record<string, number>> = {
  "bacula-dir": 9101,
  bgp: 179,
  domain: 53,
  "domain-s": 853,
  echo: 7,
  finger: 79,
  ftp: 21,
  "ftp-data": 20,
  ftps: 990,
  gopher: 70,
  http: 80,
  "http-alt": 8080,
  https: 443,
  imap: 143,
  imap2: 143,
  imap3: 220,
  imaps: 993,
  ipp: 631,
  irc: 194,
  ircd: 6667,
  iscsi: 3260,
  "iscsi-target": 3260,
  kerberos: 88,
  ldap: 389,
  ldaps: 636,
  "microsoft-ds": 445,
  mqtt: 1883,
  "ms-sql-s": 1433,
  mysql: 3306,
  "netbios-ssn": 139,
  nfs: 2049,
  nntp: 119,
  nntps: 563,
  ntp: 123,
  openvpn: 1194,
  "pop-3": 110,
  pop3: 110,
  pop3s: 995,
  postgresql: 5432,
  "radius-acct": 1813,
  radius: 1812,
  rdp: 3389,
  redis: 6379,
  rsync: 873,
  rtsp: 554,
  sieve: 4190,
  sip: 5060,
  "sip-tls": 5061,
  smtp: 25,
  smtps: 465,
  snmp: 161,
  "snmp-trap": 162,
  snmptrap: 162,
  squid: 3128,
  ssh: 22,
  submission: 587,
  submissions: 465,
  sunrpc: 111,
  svn: 3690,
  syslog: 514,
  "syslog-tls": 6514,
  telnet: 23,
  telnets: 992,
  tftp: 69,
  time: 37,
  webcache: 8080,
  whois: 43,
  www: 80,
  "xmpp-client": 5222,
  "xmpp-server": 5269,
};

/** All names that are known. */
export const portNames: readonly string[] = Object.keys(portsByName);

/** A port, 0..65535, by number or by name; undefined when the text is neither. */
export function parsePort(text: string): number | undefined {
  if (/^\d+$/.test(text)) {
    const port = Number(text);
    return port <= 65_535 ? port : undefined;
  }
  return Object.hasOwn(portsByName, text) ? portsByName[text] : undefined;
}
