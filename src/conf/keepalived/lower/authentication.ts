// authentication: the clear-text password of RFC 2338, section 5.3.6.2. keepalived uses 8 bytes of it.

import type { Setting } from "../section.ts";
import { textOf } from "./setting-values.ts";

/** What the block names. */
export interface AuthenticationDraft {
  readonly type?: "PASS" | "AH";
  readonly password?: string;
}

/** Reads the block. */
export function lowerAuthentication(setting: Setting): AuthenticationDraft {
  const { section } = setting;
  if (section === undefined) return {};
  const type = textOf(section, "auth_type");
  const password = textOf(section, "auth_pass");
  return {
    ...(type === "PASS" || type === "AH" ? { type } : {}),
    ...(password === undefined ? {} : { password }),
  };
}
