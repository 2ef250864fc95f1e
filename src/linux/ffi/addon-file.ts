// Finding and loading the native addon, `build/syscalls.node`, beside `dist/`.

import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";

const addonPath = fileURLToPath(new URL("../../../../build/syscalls.node", import.meta.url));

/** The exports of the addon, not yet typed. Throws, with what to do, when it is not built. */
export function loadAddonFile(): unknown {
  if (!existsSync(addonPath))
    throw new Error(
      `the system-call addon is not built: ${addonPath} is missing, run "make addon"`,
    );
  return createRequire(import.meta.url)(addonPath);
}
