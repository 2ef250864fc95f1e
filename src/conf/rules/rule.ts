// What a rule is. One file a rule; the texts here are its page in docs/rules and the answer of `check --explain`.

import type { Model } from "../../model/model.ts";
import type { VirtualServer } from "../../model/virtual-server.ts";
import type { VrrpInstance, VrrpScript } from "../../model/vrrp-instance.ts";
import type { Section } from "../keepalived/section.ts";
import type { Finding, Severity, Sources, Span } from "../text/diagnostic.ts";
import type { Topology } from "./topology.ts";

/** A value of the model, where it is written, and the block that it comes from. */
export interface Placed<Value> {
  readonly value: Value;
  /** The name or address that stands for it in the text. */
  readonly span: Span;
  readonly section: Section;
}

/** One configuration as rules see it: what is written, and what it means where that could be told. */
export interface Configuration {
  /** The file that was named, for people. */
  readonly file: string;
  readonly root: Section;
  /** The texts that were read, for rules about what the reader passes over. */
  readonly sources: Sources;
  readonly model: Model;
  readonly instances: readonly Placed<VrrpInstance>[];
  readonly scripts: readonly Placed<VrrpScript>[];
  readonly virtualServers: readonly Placed<VirtualServer>[];
}

/** Takes one finding; the rule's id and severity are added. */
export type Report = (span: Span, finding: Omit<Finding, "severity"> & Partial<Finding>) => void;

interface RuleTexts {
  /** A letter and two digits, stable for ever: `V12`. */
  readonly id: string;
  /** Kebab-case, stable as well; `--explain` and suppressions take either. */
  readonly name: string;
  readonly severity: Severity;
  /** One line without full stop, as in a list of rules. */
  readonly title: string;
  /** Paragraphs: what happens at run time, why, what to write instead, when it is fine. */
  readonly explanation: string;
  /** Files that the rule must speak about, and that it must not; tests play them. Pairs: one text a node. */
  readonly bad: readonly Example[];
  readonly good: readonly Example[];
  /** Pages to read, as full addresses. */
  readonly sources: readonly string[];
}

/** A text, or one text a node for rules about several. */
export type Example = string | readonly string[];

/** A rule about one file. */
export interface FileRule extends RuleTexts {
  readonly scope: "file";
  /** `reader`: the reader of the text finds it on its way, because the rest depends on it. */
  readonly check: "reader" | ((configuration: Configuration, report: Report) => void);
}

/** A rule about the files of several nodes. */
export interface PairRule extends RuleTexts {
  readonly scope: "pair";
  readonly check: (nodes: readonly Configuration[], report: Report) => void;
}

/**
 * A rule about the files of one or several nodes and the network around them, as far as it is known: without a hint
 * of the operator `topology` is `emptyTopology`, and the rule says what the files alone show. In its examples a text
 * that begins with `# topology` is the hint.
 */
export interface TopoRule extends RuleTexts {
  readonly scope: "topo";
  readonly check: (nodes: readonly Configuration[], topology: Topology, report: Report) => void;
}

export type Rule = FileRule | PairRule | TopoRule;
