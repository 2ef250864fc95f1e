// Templates that the services of a persistence group share.

import { decodeTemplateKey } from "../../wire/maps/connection-record.ts";
import type { BalancerMaps } from "./programs.ts";

/** Where struct template counts the connections that hold it. */
const controlledAt = 12;

/** Lets templates of a group end by their time, whoever holds them: the connections look elsewhere now. */
export function forgetGroup(maps: Pick<BalancerMaps, "templates">, group: number): void {
  const address = [24, 16, 8, 0].map((shift) => (group >>> shift) & 0xff).join(".");
  for (const { key, value } of maps.templates.entries()) {
    const { protocol, virtualAddress, virtualPort } = decodeTemplateKey(key);
    if (protocol !== 0 || virtualPort !== 1 || virtualAddress !== address) continue;
    const released = value.slice();
    released.fill(0, controlledAt, controlledAt + 4);
    maps.templates.update(key, released);
  }
}
