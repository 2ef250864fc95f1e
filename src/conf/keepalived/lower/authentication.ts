// authentication: the clear-text password of RFC 2338, section 5.3.6.2. keepalived uses 8 bytes of it.

import type { Span } from "../../text/diagnostic.ts";
import { spanAt } from "../reading.ts";
import type { Setting } from "../section.ts";
import { placesOf, textOf } from "./setting-values.ts";

/** What the block names. */
export interface AuthenticationDraft {
  readonly type?: "PASS" | "AH";
  readonly password?: string;
  readonly span: Span;
  readonly places: ReadonlyMap<string, Span>;
}

/** Reads the block. */
export function lowerAuthentication(setting: Setting): AuthenticationDraft {
  const span = spanAt(setting.line, 0);
  const { section } = setting;
  if (section === undefined) return { span, places: new Map() };
  const type = textOf(section, "auth_type");
  const password = textOf(section, "auth_pass");
  return {
    ...(type === "PASS" || type === "AH" ? { type } : {}),
    ...(password === undefined ? {} : { password }),
    span,
    places: placesOf(section),
  };
}
