// Keys of auth_hmac that stand in files. The main process reads them, because the VRRP process
// touches no disk; whoever else may read such a file could sign adverts.

import { closeSync, constants, fstatSync, openSync, readFileSync } from "node:fs";
import { fail, ok, type Result } from "../base/result.ts";
import type { Model } from "../model/model.ts";
import type { HmacSettings } from "../model/vrrp-options.ts";
import type { VrrpWish } from "../model/vrrp-wish.ts";
import type { Log } from "../world/log.ts";

const prefix = "file:";
/** `hex:`, 128 digits and the end of the line, with room. */
const lengthMax = 512;
const othersMask = 0o077;

/** True when some key stands in a file, whose content may change while the configuration stays. */
export function hasKeyFiles({ vrrpInstances }: Pick<Model, "vrrpInstances">): boolean {
  return vrrpInstances.some(
    ({ options }) => options?.hmac?.keys.some(({ key }) => key.startsWith(prefix)) === true,
  );
}

/** The wish with the keys themselves. A key that cannot be read stays as it is, and is of no use. */
export function withKeyFiles(wish: VrrpWish, log: Log): VrrpWish {
  const instances = wish.instances.map((instance) => {
    const settings = instance.options?.hmac;
    if (settings === undefined || !settings.keys.some(({ key }) => key.startsWith(prefix)))
      return instance;
    const hmac = readKeys(settings, (text) =>
      log.write({ level: "error", kind: "key-unreadable", text: `${instance.name}: ${text}` }),
    );
    return { ...instance, options: { ...instance.options, hmac } };
  });
  return { ...wish, instances };
}

function readKeys(settings: HmacSettings, complain: (text: string) => void): HmacSettings {
  const keys = settings.keys.map((one) => {
    if (!one.key.startsWith(prefix)) return one;
    const read = readKeyFile(one.key.slice(prefix.length));
    if (read.ok) return { ...one, key: read.value };
    complain(`key ${one.id} of auth_hmac is of no use: ${read.fault}`);
    return one;
  });
  return { ...settings, keys };
}

/** The one line of a key file. */
export function readKeyFile(path: string): Result<string, string> {
  let fd: number | undefined;
  try {
    // A pipe would block until somebody writes.
    fd = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
    const { mode, size } = fstatSync(fd);
    if ((mode & constants.S_IFMT) !== constants.S_IFREG) return fail(`${path} is no file`);
    if ((mode & othersMask) !== 0)
      return fail(`${path} may be read by others than its owner; \`chmod 600\` it`);
    if (size > lengthMax) return fail(`${path} is too long for a key`);
    const text = readFileSync(fd, "latin1").replace(/\r?\n$/, "");
    return text.startsWith(prefix) ? fail(`${path} names another file`) : ok(text);
  } catch (error) {
    return fail(error instanceof Error ? error.message : String(error));
  } finally {
    if (fd !== undefined) closeSync(fd);
  }
}
