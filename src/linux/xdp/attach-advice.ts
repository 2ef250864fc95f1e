// Why a network card does not run the program in its driver, and what an administrator can do.

import { errnoName } from "../ffi/errno.ts";

/** Where a program stands that XDP in the driver would have been better for. */
export interface Refusal {
  readonly link: string;
  /** Positive errno of attaching; undefined when it was not tried because the host has VLANs. */
  readonly error?: number;
}

/** By errno: EOPNOTSUPP, EINVAL, ERANGE, ENOSPC, ENOMEM, EBUSY, EEXIST. */
const remedies = new Map<number, (link: string) => string>([
  [95, () => "its driver has no XDP: only another card helps"],
  [22, (link) => `\`ethtool -K ${link} lro off\` and an MTU of at most 3498 help most drivers`],
  [34, (link) => `an MTU of at most 3498 helps: \`ip link set ${link} mtu 1500\``],
  [28, (link) => `fewer queues help: \`ethtool -L ${link} combined N\``],
  [12, (link) => `fewer queues help: \`ethtool -L ${link} combined N\``],
  [16, (link) => `another XDP program is there: \`ip link set ${link} xdp off\` removes it`],
  [17, (link) => `another XDP program is there: \`ip link set ${link} xdp off\` removes it`],
]);

/** What was found, in one clause. */
export function refusalText({ link, error }: Refusal): string {
  if (error === undefined) return `${link} may hide the tags of VLANs from XDP`;
  return `${link} refuses XDP in its driver: ${errnoName(error)}`;
}

/** What was done instead, and the remedy. */
export function refusalAdvice({ link, error }: Refusal): string {
  const done = "attached with tc, which carries fewer packets";
  if (error === undefined)
    return `${done}; after \`ethtool -K ${link} rxvlan off\`, \`lb_attach native\` is right`;
  const remedy = remedies.get(error);
  return remedy === undefined ? done : `${done}; ${remedy(link)}`;
}
