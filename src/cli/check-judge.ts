// Files -> everything that is to be said about them: each alone, all together, and the comments in them.

import type { FileReader } from "../conf/keepalived/language/expand.ts";
import { loadAnyConfiguration } from "../conf/load-any-configuration.ts";
import type { LoadedConfiguration } from "../conf/load-configuration.ts";
import { catalogue } from "../conf/rules/catalogue.ts";
import type { Configuration } from "../conf/rules/rule.ts";
import { runPairRules } from "../conf/rules/run-rules.ts";
import type { Topology } from "../conf/rules/topology.ts";
import { applySuppressions } from "../conf/suppression/apply-suppressions.ts";
import type { Diagnostic } from "../conf/text/diagnostic.ts";
import { orderDiagnostics } from "../conf/text/order-diagnostics.ts";
import type { SuppressedDiagnostic } from "../conf/text/render-options.ts";
import { stdinName } from "./check-files.ts";

/** Which files are judged, and how. */
export interface JudgeRequest {
  readonly files: readonly string[];
  readonly configIds: readonly string[];
  readonly separately: boolean;
  readonly topology?: Topology;
}

/** What came of it. */
export interface Judgement {
  /** In the order of the text, file by file. */
  readonly diagnostics: readonly Diagnostic[];
  readonly suppressed: readonly SuppressedDiagnostic[];
  readonly sources: ReadonlyMap<string, string>;
  readonly loaded: readonly LoadedConfiguration[];
}

/** Judges files: each alone, then, unless they have nothing to do with each other, as nodes that work together. */
export function judgeFiles(request: JudgeRequest, reader: FileReader): Judgement {
  const { files, configIds, separately, topology } = request;
  const loaded = files.map((file) =>
    loadAnyConfiguration({ path: file === "-" ? stdinName : file, ...reader, configIds }),
  );
  const sources = new Map(loaded.flatMap((one) => [...one.sources]));
  const diagnostics = loaded.flatMap((one) => one.diagnostics);
  const nodes = loaded.flatMap(({ configuration }): readonly Configuration[] =>
    configuration === undefined ? [] : [configuration],
  );
  const together = !separately && nodes.length > 1;
  // Rules about several nodes are silent about one; those about the network around speak about one as well.
  if (together) runPairRules(nodes, diagnostics, topology);
  else for (const node of nodes) runPairRules([node], diagnostics, topology);
  const ordered = orderDiagnostics(once(diagnostics), [...sources.keys()]);
  const rules = catalogue.map(({ id, name, scope }) => ({
    id,
    name,
    judged: scope !== "pair" || together,
  }));
  return { ...applySuppressions(ordered, sources, rules), sources, loaded };
}

/** A file that several nodes include is judged once. */
function once(diagnostics: readonly Diagnostic[]): readonly Diagnostic[] {
  const seen = new Set<string>();
  return diagnostics.filter(({ span, code, message }) => {
    const id = `${span.line} ${span.column} ${code} ${message} ${span.file}`;
    if (seen.has(id)) return false;
    seen.add(id);
    return true;
  });
}
