// Rules about structure and words [S01..S49], about scripts [X01..], and what Keelson does not do [K01, K02].

import { keywordNotActedOn } from "./k01-keyword-not-acted-on.ts";
import { notCarried } from "./k02-not-carried.ts";
import type { Rule } from "./rule.ts";
import { unknownKeyword } from "./s01-unknown-keyword.ts";
import { secondKeywordOnLine } from "./s02-second-keyword-on-line.ts";
import { oneLineBlock } from "./s03-one-line-block.ts";
import { oneLineTopBlock } from "./s04-one-line-top-block.ts";
import { missingBlock } from "./s07-missing-block.ts";
import { semicolon } from "./s08-semicolon.ts";
import { foreignComment } from "./s09-foreign-comment.ts";
import { commentCutsWord } from "./s10-comment-cuts-word.ts";
import { keywordRepeated } from "./s11-keyword-repeated.ts";
import { nameRepeated } from "./s12-name-repeated.ts";
import { definedLater } from "./s14-defined-later.ts";
import { misplacedKeyword } from "./s15-misplaced-keyword.ts";
import { unknownValue } from "./s16-unknown-value.ts";
import { valueOutOfRange } from "./s17-value-out-of-range.ts";
import { commandNotQuoted } from "./s19-command-not-quoted.ts";
import { nothingConfigured } from "./s20-nothing-configured.ts";
import { missingArgument } from "./s21-missing-argument.ts";
import { extraWords } from "./s22-extra-words.ts";
import { notANumber } from "./s23-not-a-number.ts";
import { notAnAddress } from "./s24-not-an-address.ts";
import { unexpectedBlock } from "./s25-unexpected-block.ts";
import { malformedValue } from "./s28-malformed-value.ts";
import { textTooLong } from "./s29-text-too-long.ts";
import { unknownOption } from "./s30-unknown-option.ts";
import { lookAlikeCharacter } from "./s31-look-alike-character.ts";
import { templateLeft } from "./s32-template-left.ts";
import { undefinedName } from "./s33-undefined-name.ts";
import { offThatTurnsOn } from "./s34-off-that-turns-on.ts";
import { placeholderLeft } from "./s38-placeholder-left.ts";
import { emptyBlock } from "./s39-empty-block.ts";
import { scriptSecurity } from "./x03-script-security.ts";
import { shellInCommand } from "./x06-shell-in-command.ts";
import { timeoutBeyondInterval } from "./x10-timeout-beyond-interval.ts";
import { unknownTrackedName } from "./x11-unknown-tracked-name.ts";
import { raiseForRise } from "./x12-raise-for-rise.ts";
import { processByScript } from "./x13-process-by-script.ts";
import { notifyMissesSplitBrain } from "./x18-notify-misses-split-brain.ts";
import { scriptWithoutCommand } from "./x30-script-without-command.ts";
import { homeInCommand } from "./x31-home-in-command.ts";
import { trackerWithoutTarget } from "./x32-tracker-without-target.ts";

/** In the order of their ids, family by family. */
export const sRules: readonly Rule[] = [
  unknownKeyword,
  secondKeywordOnLine,
  oneLineBlock,
  oneLineTopBlock,
  missingBlock,
  semicolon,
  foreignComment,
  commentCutsWord,
  keywordRepeated,
  nameRepeated,
  definedLater,
  misplacedKeyword,
  unknownValue,
  valueOutOfRange,
  commandNotQuoted,
  nothingConfigured,
  missingArgument,
  extraWords,
  notANumber,
  notAnAddress,
  unexpectedBlock,
  malformedValue,
  textTooLong,
  unknownOption,
  lookAlikeCharacter,
  templateLeft,
  undefinedName,
  offThatTurnsOn,
  placeholderLeft,
  emptyBlock,
  scriptSecurity,
  shellInCommand,
  timeoutBeyondInterval,
  unknownTrackedName,
  raiseForRise,
  processByScript,
  notifyMissesSplitBrain,
  scriptWithoutCommand,
  homeInCommand,
  trackerWithoutTarget,
  keywordNotActedOn,
  notCarried,
];
