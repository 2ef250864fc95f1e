// Text of an ldirectord.cf as it may be shown: lines of findings are printed, into terminals and logs.

import { directiveNames, specOf } from "./directives.ts";

const secretNames = directiveNames.filter((name) => specOf(name).value.secret === true);
const secretLine = new RegExp(
  `^([ \\t]*(?:${secretNames.join("|")})[ \\t]*=[ \\t]*"?)([^"\\r\\n]*)`,
  "gm",
);

/** The same text with stars for passwords and secrets; every other character stays at its place. */
export function maskSecrets(text: string): string {
  return text.replaceAll(
    secretLine,
    (_, before: string, secret: string) => before + "*".repeat(secret.length),
  );
}
