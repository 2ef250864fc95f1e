// A setting in one line, for comments and findings. Secrets do not show.

import type { Setting } from "./configuration.ts";
import { specOf } from "./directives.ts";

/** `checktype=connect`; `passwd="****"`. */
export function describeSetting(setting: Setting): string {
  const { value: form } = specOf(setting.name);
  if (form.secret === true) return `${setting.name}="****"`;
  return setting.value === undefined
    ? setting.name
    : `${setting.name}=${form.print(setting.value)}`;
}
