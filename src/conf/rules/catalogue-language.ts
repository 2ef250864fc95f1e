// Rules about the language: what the reader of the text finds before anybody knows its keywords [S05, S06, S13, S18, S26, S40..S49].

import type { Rule } from "./rule.ts";
import { unterminatedBlock } from "./s05-unterminated-block.ts";
import { unmatchedBrace } from "./s06-unmatched-brace.ts";
import { includeNotFound } from "./s13-include-not-found.ts";
import { inactiveLines } from "./s18-inactive-lines.ts";
import { unexpectedBrace } from "./s26-unexpected-brace.ts";
import { fileNotReadable } from "./s40-file-not-readable.ts";
import { fileNotText } from "./s41-file-not-text.ts";
import { includeLoop } from "./s42-include-loop.ts";
import { definitionLoop } from "./s43-definition-loop.ts";
import { badRepetition } from "./s44-bad-repetition.ts";
import { nestedTooDeep } from "./s45-nested-too-deep.ts";
import { undefinedParameter } from "./s46-undefined-parameter.ts";
import { unterminatedQuote } from "./s47-unterminated-quote.ts";
import { lineTooLong } from "./s48-line-too-long.ts";
import { misreadSign } from "./s49-misread-sign.ts";

/** In the order of their ids. */
export const languageRules: readonly Rule[] = [
  unterminatedBlock,
  unmatchedBrace,
  includeNotFound,
  inactiveLines,
  unexpectedBrace,
  fileNotReadable,
  fileNotText,
  includeLoop,
  definitionLoop,
  badRepetition,
  nestedTooDeep,
  undefinedParameter,
  unterminatedQuote,
  lineTooLong,
  misreadSign,
];
