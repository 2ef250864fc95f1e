// One entry for files of three formats: keepalived.conf, ldirectord.cf, and tables as `ipvsadm -S` writes them.

import { type ConfigurationFormat, formatOf } from "./configuration-format.ts";
import { loadTranslation, type Translation } from "./convert/translation.ts";
import { readSavedTable } from "./ipvsadm/translate-table.ts";
import { textFaults } from "./keepalived/language/line-findings.ts";
import { readLdirectord } from "./ldirectord/load-ldirectord.ts";
import { maskSecrets } from "./ldirectord/mask-secrets.ts";
import type { ResolveHost } from "./ldirectord/translation-notes.ts";
import {
  type LoadedConfiguration,
  type LoadRequest,
  loadConfiguration,
} from "./load-configuration.ts";

/** What is to be read, and how. */
export interface AnyLoadRequest extends LoadRequest {
  /** Finds the address of a host that is written by name; without it names stay what they are. */
  readonly resolve?: ResolveHost;
}

/** Reads a configuration of any of the three formats. Never throws, whatever the text. */
export function loadAnyConfiguration(request: AnyLoadRequest): LoadedConfiguration {
  const { path, readFile, resolve } = request;
  const read = readFile(path);
  const once: LoadRequest = {
    ...request,
    readFile: (wanted) => (wanted === path ? read : readFile(wanted)),
  };
  const format = read.ok ? formatOf(path, read.value) : "keepalived";
  if (!read.ok || format === "keepalived") return loadConfiguration(once);
  const faults = textFaults(path, read.value).map(({ edits: _edits, ...fault }) => fault);
  const shown = format === "ldirectord" ? maskSecrets(read.value) : read.value;
  const sources = new Map([[path, shown]]);
  if (faults.some((fault) => fault.stops === true))
    return { diagnostics: faults, sources, includes: new Map() };
  return loadTranslation(translateText(format, read.value, path, resolve), once, shown);
}

/** Says a text of another format in keepalived's words. */
export function translateText(
  format: Exclude<ConfigurationFormat, "keepalived">,
  text: string,
  path: string,
  resolve?: ResolveHost,
): Translation {
  return format === "ldirectord"
    ? readLdirectord(text, path, resolve)
    : readSavedTable(text, path, resolve);
}
