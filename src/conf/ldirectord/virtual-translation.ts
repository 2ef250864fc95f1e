// What the parts of a virtual server share while it is translated.

import type { KeepalivedWriter } from "../convert/keepalived-writer.ts";
import type { Finding, Span } from "../text/diagnostic.ts";
import type { Note } from "./translation-notes.ts";
import type { VirtualWish } from "./wishes.ts";

/** What the parts of a virtual server share while it is written. */
export interface VirtualTranslation {
  readonly wish: VirtualWish;
  readonly writer: KeepalivedWriter;
  /** The address and the port of the virtual server as two words; empty for marks. */
  readonly addressWords: readonly string[];
  /** Says what is lost, in a comment of the translation and in a finding. */
  readonly note: (span: Span, note: Note) => void;
  readonly report: (span: Span, code: string, finding: Finding) => void;
}
