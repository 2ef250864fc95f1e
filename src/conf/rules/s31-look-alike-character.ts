// Characters that look like those of the language and are others: quotes of a word processor, blanks of a web page.

import type { Edit } from "../text/diagnostic.ts";
import { instanceWith } from "./example-texts.ts";
import { linesWith, plainWords } from "./plain-words.ts";
import type { Configuration, Report, Rule } from "./rule.ts";

export const lookAlikeCharacter: Rule = {
  id: "S31",
  name: "look-alike-character",
  severity: "error",
  scope: "file",
  check,
  title: "a character looks like one of the language and is another",
  explanation: [
    "Blogs, word processors and chat programs replace characters: quotes become “ ”, a minus becomes a dash, a",
    "blank becomes a no-break space, nothing at all becomes a zero-width space. For the daemon they are letters",
    "like any other. “/usr/local/bin/check” with such quotes is a program whose name begins with a quote; a",
    "keyword with an invisible character in it is unknown, though it looks right in every editor.",
    "",
    "Type the line again, or let `keelson check --fix` replace the characters. In comments and between true",
    "quotes they are text and are not reported.",
  ].join("\n"),
  bad: [
    instanceWith("garp_master_delay\u00a05"),
    instanceWith("authentication {\n    auth_type PASS\n    auth_pass “s3cret”\n}"),
    instanceWith("advert_int １"),
    instanceWith("\u200badvert_int 1"),
    instanceWith("аdvert_int 1"),
  ],
  good: [
    instanceWith("advert_int 1 # “one” second – or more"),
    instanceWith('authentication {\n    auth_type PASS\n    auth_pass "“s3cret”"\n}'),
    `global_defs {\n    router_id 负载均衡\n}\n${instanceWith("")}`,
  ],
  sources: [],
};

const quotes = /[“”„‟«»‘’‚‛]/;
const blanks = /[\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]/;
const invisible = /[\u200b-\u200d\u2060\ufeff]/;
const dashes = /^[\u2010-\u2015\u2212](?=[\w.])/;
const fullWidth = /[\uff01-\uff5e]/;
/** Letters of Cyrillic and Greek that are drawn like those of Latin. */
const drawnAlike: Readonly<Record<string, string>> = {
  ...{ а: "a", с: "c", е: "e", һ: "h", і: "i", ј: "j", о: "o", р: "p", ѕ: "s", у: "y", х: "x" },
  ...{
    А: "A",
    В: "B",
    С: "C",
    Е: "E",
    Н: "H",
    І: "I",
    К: "K",
    М: "M",
    О: "O",
    Р: "P",
    Т: "T",
    Х: "X",
  },
  ...{
    ο: "o",
    ν: "v",
    Α: "A",
    Β: "B",
    Ε: "E",
    Ι: "I",
    Κ: "K",
    Μ: "M",
    Ν: "N",
    Ο: "O",
    Ρ: "P",
    Τ: "T",
  },
};

/** Characters that are worth a look at their word. */
const foreign =
  /[\u00a0\u00ab\u00bb\u0370-\u04ff\u1680\u2000-\u205f\u2060\u2212\u3000\ufeff\uff01-\uff5e]/g;

interface Sighting {
  readonly column: number;
  readonly character: string;
  readonly meant: string;
  readonly what: string;
}

function check(configuration: Configuration, report: Report): void {
  for (const [file, text] of configuration.sources) {
    // A byte order mark in front of everything is no part of the text.
    for (const { text: written, line } of linesWith(text.replace(/^\ufeff/, " "), foreign)) {
      const found = plainWords(written).flatMap(({ text: word, column }) =>
        sightings(word, column),
      );
      const [first] = found;
      if (first === undefined) continue;
      const place = { file, line };
      const edits: Edit[] = found.map(({ column, character, meant }) => ({
        span: { ...place, column, length: character.length },
        newText: meant,
      }));
      report(
        { ...place, column: first.column, length: first.character.length },
        {
          message: `${first.what} (${codePoint(first.character)}) ${meaning(first)}`,
          effect: "it is read as a part of its word",
          fix: "type the characters again",
          edits,
        },
      );
    }
  }
}

function meaning({ meant }: Sighting): string {
  return meant === "" ? "stands in a word" : `stands in the place of \`${meant}\``;
}

function codePoint(character: string): string {
  return `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0")}`;
}

function sightings(word: string, column: number): readonly Sighting[] {
  const found: Sighting[] = [];
  const foreignWord = /\p{L}/u.test(word.replace(/[A-Za-z\uff01-\uff5e]/g, ""));
  for (let i = 0; i < word.length; i++) {
    const character = word[i] ?? "";
    const at = { column: column + i, character };
    if (quotes.test(character)) found.push({ ...at, meant: '"', what: "a typographic quote" });
    else if (blanks.test(character))
      found.push({ ...at, meant: " ", what: "a blank that separates nothing" });
    else if (invisible.test(character))
      found.push({ ...at, meant: "", what: "an invisible character" });
    else if (i === 0 && dashes.test(word)) found.push({ ...at, meant: "-", what: "a dash" });
    else if (fullWidth.test(character) && !foreignWord)
      found.push({ ...at, meant: narrow(character), what: "a full-width character" });
  }
  return found.length > 0 ? found : mixedLetters(word, column);
}

/** Letters of another script in a word whose other letters are Latin. */
function mixedLetters(word: string, column: number): readonly Sighting[] {
  if (!/^[\x21-\x7e\u0370-\u04ff]*$/.test(word) || !/[A-Za-z]/.test(word)) return [];
  return [...word].flatMap((character, i) => {
    const meant = drawnAlike[character];
    if (meant === undefined) return [];
    return [{ column: column + i, character, meant, what: "a letter of another script" }];
  });
}

function narrow(character: string): string {
  return String.fromCharCode(character.charCodeAt(0) - 0xfee0);
}
