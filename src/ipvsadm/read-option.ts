// One option's argument -> the draft of a command.

import { familyOf } from "../base/address.ts";
import type { TransportProtocol } from "../model/virtual-server.ts";
import { type CommandDraft, timeoutMaxS, weightMax } from "./command-draft.ts";
import {
  isMulticast,
  type NameBook,
  readEndpoint,
  readGroup,
  readLeadingNumber,
  readMask,
  readNumber,
} from "./values.ts";

/** The argument of an option. */
interface OptionArgument {
  readonly text: string;
  /** True: there was none. */
  readonly missing: boolean;
  readonly names: NameBook;
}

type Reader = (draft: CommandDraft, argument: OptionArgument) => string | undefined;

/** Seconds of `-p` alone. */
const persistenceDefaultS = 360;
const schedulerLengthMax = 15;
const interfaceLengthMax = 15;

/** Reads one option into the draft; gives what ipvsadm says when it cannot be. */
export function readOptionValue(
  draft: CommandDraft,
  name: string,
  argument: OptionArgument,
): string | undefined {
  return readers[name]?.(draft, argument);
}

/** A reader of a number that is stored under a name. */
function number(
  field: "weight" | "upperThreshold" | "lowerThreshold" | "tunnelPort" | "syncId",
  range: readonly [number, number],
  complaint: string,
): Reader {
  return (draft, { text }) => {
    const value = readNumber(text, range);
    if (value === undefined) return complaint;
    draft[field] = value;
    return undefined;
  };
}

function service(protocol: TransportProtocol): Reader {
  return (draft, { text, names }) => {
    draft.protocol = protocol;
    const endpoint = readEndpoint(text, protocol, names);
    if (endpoint === undefined) return "illegal virtual server address[:port] specified";
    const { address, port = 0 } = endpoint;
    draft.key = { kind: "address", address, port, protocol };
    draft.family = familyOf(address);
    draft.port = port;
    if (draft.family === 6) draft.mask = 128;
    return undefined;
  };
}

function method(forwarding: CommandDraft["forwarding"]): Reader {
  return (draft) => {
    draft.forwarding = forwarding;
    return undefined;
  };
}

function checksum(kind: CommandDraft["checksum"]): Reader {
  return (draft) => {
    draft.checksum = kind;
    return undefined;
  };
}

const readers: Readonly<Record<string, Reader>> = {
  "tcp-service": service("TCP"),
  "udp-service": service("UDP"),
  "sctp-service": service("SCTP"),
  "fwmark-service": (draft, { text }) => {
    const fwmark = readNumber(text, [1, 0xffff_ffff]);
    if (fwmark === undefined) return `invalid fwmark value \`${text}' specified`;
    draft.protocol = "TCP";
    draft.family = 4;
    draft.key = { kind: "fwmark", fwmark, family: 4 };
    return undefined;
  },
  ipv6: (draft) => {
    if (draft.key?.kind !== "fwmark") return "-6 used before -f\n";
    draft.key = { ...draft.key, family: 6 };
    draft.family = 6;
    draft.mask = 128;
    return undefined;
  },
  scheduler: (draft, { text }) => {
    draft.scheduler = text.slice(0, schedulerLengthMax);
    return undefined;
  },
  persistent: (draft, { text, missing }) => {
    const seconds = missing ? persistenceDefaultS : readNumber(text, [1, timeoutMaxS]);
    if (seconds === undefined) return `invalid timeout value \`${text}' specified`;
    draft.persistenceTimeoutS = seconds;
    return undefined;
  },
  netmask: (draft, { text, names }) => {
    if (draft.family === 6) {
      const length = readLeadingNumber(text);
      if (length < 1 || length > 128) return "illegal ipv6 netmask specified";
      draft.mask = length;
      return undefined;
    }
    const mask = readMask(text, names);
    if (mask === undefined) return "illegal virtual server persistent mask specified";
    draft.mask = mask;
    return undefined;
  },
  pe: (draft, { text }) => {
    draft.persistenceEngine = text;
    return undefined;
  },
  ops: (draft) => {
    draft.onePacket = true;
    return undefined;
  },
  "sched-flags": (draft, { text }) => {
    draft.schedulerFlagWords = text;
    return undefined;
  },
  "real-server": (draft, { text, names }) => {
    const endpoint = readEndpoint(text, draft.protocol, names);
    if (endpoint === undefined) return "illegal real server address[:port] specified";
    draft.server = { address: endpoint.address, port: endpoint.port ?? draft.port };
    return undefined;
  },
  gatewaying: method("DR"),
  ipip: method("TUN"),
  masquerading: method("NAT"),
  "tun-type": (draft, { text }) => {
    if (text !== "ipip" && text !== "gue" && text !== "gre") return "illegal tunnel type specified";
    draft.tunnelType = text;
    return undefined;
  },
  "tun-port": number("tunnelPort", [1, 65_535], "illegal tunnel port specified"),
  "tun-nocsum": checksum("none"),
  "tun-csum": checksum("full"),
  "tun-remcsum": checksum("remote"),
  weight: number("weight", [0, weightMax], "illegal weight specified"),
  "u-threshold": number("upperThreshold", [0, weightMax], "illegal u_threshold specified"),
  "l-threshold": number("lowerThreshold", [0, weightMax], "illegal l_threshold specified"),
  "mcast-interface": (draft, { text }) => {
    draft.interface = text.slice(0, interfaceLengthMax);
    return undefined;
  },
  syncid: number("syncId", [0, 255], "illegal syncid specified"),
  "sync-maxlen": (draft, { text }) => {
    draft.maxLength = readNumber(text, [1, 65_507]);
    return draft.maxLength === undefined ? "illegal sync-maxlen specified" : undefined;
  },
  "mcast-group": (draft, { text }) => {
    draft.group = readGroup(text);
    if (draft.group !== undefined && isMulticast(draft.group)) return undefined;
    const family = draft.group === undefined ? 4 : familyOf(draft.group);
    return `invalid IPv${family} mcast-group \`${text}'`;
  },
  "mcast-port": (draft, { text }) => {
    draft.groupPort = readNumber(text, [1, 65_535]);
    return draft.groupPort === undefined ? "illegal mcast-port specified" : undefined;
  },
  "mcast-ttl": (draft, { text }) => {
    draft.ttl = readNumber(text, [1, 255]);
    return draft.ttl === undefined ? "illegal mcast-ttl specified" : undefined;
  },
};
