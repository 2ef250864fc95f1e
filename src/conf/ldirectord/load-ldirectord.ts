// From the text of an ldirectord.cf to the model.

import { loadTranslation, type Translation } from "../convert/translation.ts";
import type { LoadedConfiguration, LoadRequest } from "../load-configuration.ts";
import { checkLdirectord } from "./check-ldirectord.ts";
import { parseLdirectord } from "./parse-ldirectord.ts";
import { translateLdirectord } from "./translate.ts";
import type { ResolveHost } from "./translation-notes.ts";

/** Reads a text and says it in keepalived's words. Never throws. */
export function readLdirectord(text: string, file: string, resolve?: ResolveHost): Translation {
  const parsed = parseLdirectord(text, file);
  const translation = translateLdirectord(parsed.configuration, resolve);
  const diagnostics = [
    ...parsed.diagnostics,
    ...checkLdirectord(parsed.configuration),
    ...translation.diagnostics,
  ];
  return { ...translation, diagnostics };
}

/** Loads an ldirectord.cf. Never throws. */
export function loadLdirectord(
  text: string,
  request: LoadRequest,
  resolve?: ResolveHost,
): LoadedConfiguration {
  return loadTranslation(readLdirectord(text, request.path, resolve), request, text);
}
