// authentication: the clear-text password of RFC 2338, section 5.3.6.2. keepalived uses 8 bytes of it.

import type { Line } from "../language/expand.ts";
import { choice, type KeywordTable } from "./keyword.ts";
import { lowerBlock } from "./lower-block.ts";
import type { Draft, Lowering } from "./lowering.ts";

/** What the block names. */
export interface AuthenticationDraft extends Draft {
  type?: "PASS" | "AH";
  password?: string;
}

const passwordBytesMax = 8;

const authenticationKeywords: KeywordTable<AuthenticationDraft> = {
  auth_type: choice(["PASS", "AH"], "adverts carry no authentication", (draft, value) => {
    draft.type = value;
  }),
  auth_pass: {
    wordsMax: 2,
    lower: (line, draft, lowering) => {
      const word = lowering.argument(line);
      if (word === undefined) return;
      const kept = firstBytes(word.text, passwordBytesMax);
      draft.password = kept;
      if (kept === word.text) return;
      lowering.report(lowering.span(line, word), {
        severity: "warning",
        code: "password-too-long",
        message: `only the first ${passwordBytesMax} bytes of the password count`,
        label: `\`${kept}\` is sent, in clear text`,
        effect: "a peer whose password begins alike is accepted",
        fix: `write \`auth_pass ${kept}\``,
      });
    },
  },
};

/** Reads the block. */
export function lowerAuthentication(line: Line, lowering: Lowering): AuthenticationDraft {
  const draft: AuthenticationDraft = { span: lowering.keywordSpan(line), places: new Map() };
  lowerBlock(line, "vrrp_instance/authentication", authenticationKeywords, draft, lowering);
  if (draft.type === "AH") {
    lowering.report(draft.places.get("auth_type") ?? draft.span, {
      severity: "warning",
      code: "keyword-not-acted-on",
      message: "the authentication `AH` is read, but Keelson does not act on it",
      effect: "adverts carry no authentication, and a peer that wants AH refuses them",
      fix: "write `auth_type PASS` on every node",
    });
  } else if (draft.password === undefined || draft.password === "" || draft.type === undefined) {
    const missing = draft.type === undefined ? "auth_type" : "auth_pass";
    lowering.report(draft.span, {
      severity: "warning",
      code: "authentication-incomplete",
      message: `this authentication has no \`${missing}\``,
      effect: "adverts carry no authentication, as with keepalived",
      fix: `give \`${missing}\` on a line of its own`,
    });
  }
  return draft;
}

/** As many whole characters as fit into that many bytes of UTF-8. */
function firstBytes(text: string, bytesMax: number): string {
  let bytes = 0;
  let kept = "";
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0;
    bytes += code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
    if (bytes > bytesMax) break;
    kept += character;
  }
  return kept;
}
