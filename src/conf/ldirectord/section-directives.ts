// Directives of one virtual server.

import { schedulerNames } from "../../model/virtual-server.ts";
import { checkType, netmask, schedulerFlags } from "./check-forms.ts";
import { type DirectiveTable, inSections } from "./directive-spec.ts";
import { realServer } from "./real-form.ts";
import { serviceNames } from "./services.ts";
import {
  choice,
  freelyQuotedText,
  integer,
  plainText,
  quotedText,
  secretText,
  yesOrNo,
} from "./value-form.ts";

export const sectionDirectives: Omit<
  DirectiveTable,
  keyof typeof import("./general-directives.ts").generalDirectives
> = {
  real: {
    scopes: ["virtual"],
    summary:
      "A real server, or a range of them: how packets reach it, its weight, its own request and answer, and the numbers of connections below which it takes clients again (`l:`) and above which it takes none (`u:`).",
    value: realServer,
    repeats: true,
  },
  real6: {
    scopes: ["virtual6"],
    summary: "A real server of IPv6. There are no ranges.",
    value: realServer,
    repeats: true,
  },
  checktype: {
    scopes: inSections,
    summary:
      "How the real servers are checked: by a connection, by a request that `service` decides, by ping, by a program, not at all (`on`), or taken out altogether (`off`). A number N: connections, and a request every N-th time.",
    value: checkType,
    default: "negotiate",
  },
  service: {
    scopes: inSections,
    summary: "The protocol of a negotiate check.",
    value: choice(serviceNames, {
      instead: {
        counts: "a connection is the check",
        ldirectord: "ldirectord does not start with this",
      },
    }),
    default:
      "by the port of the virtual server; none where that says nothing, and for firewall marks",
  },
  checkcommand: {
    scopes: inSections,
    summary:
      "The program of an external check. It is called with the address and the port of the virtual server and of the real server; status 0 means up.",
    value: freelyQuotedText,
    default: "/bin/true",
  },
  checkport: {
    scopes: inSections,
    summary: "The port of the checks.",
    value: integer("PORT", 1, 65_535),
    default: "the port of the real server, else the one of the service",
  },
  request: {
    scopes: inSections,
    summary: "What a negotiate check asks for: a path, a name, a query, as `service` wants it.",
    value: quotedText,
    default: '"/"',
  },
  receive: {
    scopes: inSections,
    summary: "A regular expression that must match somewhere in the answer.",
    value: quotedText,
    default: "any answer is good",
  },
  httpmethod: {
    scopes: inSections,
    summary: "The method of HTTP checks.",
    value: choice(["GET", "HEAD"], { ignoreCase: true }),
    default: "GET",
    missing: "the check asks with GET",
    harmless: (method) => method === "GET",
  },
  virtualhost: {
    scopes: inSections,
    summary: "The name of the host that HTTP checks ask for.",
    value: freelyQuotedText,
    default: "the address of the real server",
  },
  login: {
    scopes: inSections,
    summary: "The user of checks that log in.",
    value: quotedText,
    default: "none; anonymous for ftp",
  },
  passwd: {
    scopes: inSections,
    summary: "The password of checks that log in.",
    value: secretText,
  },
  database: {
    scopes: inSections,
    summary: "The database of SQL checks.",
    value: quotedText,
  },
  secret: {
    scopes: inSections,
    summary: "The secret that is shared with RADIUS servers.",
    value: secretText,
  },
  load: {
    scopes: inSections,
    summary: "Read by ldirectord and never used.",
    value: quotedText,
    deprecated: "nothing reads it",
  },
  scheduler: {
    scopes: inSections,
    summary: "How clients are given to real servers.",
    value: choice(schedulerNames, {
      instead: { counts: "wrr counts", ldirectord: "ipvsadm refuses the virtual server" },
    }),
    default: "wrr",
  },
  schedflags: {
    scopes: inSections,
    summary: "Flags of the scheduler, as `ipvsadm -b` takes them.",
    value: schedulerFlags,
  },
  persistent: {
    scopes: inSections,
    summary: "Seconds that a client stays with its real server after its last connection.",
    value: integer("SECONDS", 1, 2_678_400),
  },
  netmask: {
    scopes: inSections,
    summary: "Clients of one such network share their persistence.",
    value: netmask,
    default: "255.255.255.255, or 128",
  },
  protocol: {
    scopes: inSections,
    summary: "The protocol of the virtual server.",
    value: choice(["tcp", "udp", "fwm"]),
    default: "tcp; udp for port 53; fwm for firewall marks",
  },
  monitorfile: {
    scopes: inSections,
    summary: "A file to which the outcome of every check is written.",
    value: freelyQuotedText,
    missing: "nothing is written there; `keelson status` shows why a server is down",
  },
  ops: {
    scopes: inSections,
    summary: "One-packet scheduling: every packet of UDP is scheduled by itself.",
    value: yesOrNo,
    default: "no",
  },
  servicename: {
    scopes: inSections,
    summary: "The name of the service, for mails.",
    value: plainText,
  },
  comment: {
    scopes: inSections,
    summary: "A remark, for mails.",
    value: plainText,
  },
};
