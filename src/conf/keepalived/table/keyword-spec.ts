// The declarative table of keepalived.conf: one entry a keyword. Validation, the reference, completion, hover texts
// and the JSON schema all come from it; what a keyword does is in lower/.

/** A number that cannot be used: `stop` refuses the file, a text says what counts in its stead. */
export type Otherwise = "stop" | { readonly instead: string };

/** How one word behind a keyword is read. Names of kinds are those of the reference. */
export type ValueKind =
  | {
      readonly kind: "integer";
      readonly min: number;
      readonly max: number;
      readonly otherwise: Otherwise;
      /** For people: `seconds`, `bytes`. */
      readonly unit?: string;
      /** True: a number outside counts as the nearest one inside; `otherwise` is then for what is no number. */
      readonly clamps?: true;
    }
  /** Seconds with a fraction, unless `whole`; the value comes in milliseconds, the range is in seconds. */
  | {
      readonly kind: "seconds";
      readonly whole?: true;
      readonly min: number;
      readonly max: number;
      readonly otherwise: Otherwise;
      readonly clamps?: true;
    }
  /** `on`, `true`, `yes` and their opposites. */
  | { readonly kind: "boolean" }
  /** One word of a list; `effect` says what counts when it is another one. */
  | {
      readonly kind: "choice";
      readonly choices: readonly string[];
      readonly effect: string;
      readonly ignoreCase?: true;
    }
  | { readonly kind: "address"; readonly family?: 4 | 6 }
  /** An address with an optional `/length`. */
  | { readonly kind: "prefix"; readonly family?: 4 | 6 }
  /** IPv4 netmask or a prefix length. */
  | { readonly kind: "netmask" }
  | { readonly kind: "port"; readonly min: 0 | 1 }
  /** A name of a network interface: at most 15 bytes, without `/` and blanks. */
  | { readonly kind: "interface" }
  /** A name that is defined elsewhere by a block keyword, such as `vrrp_script`. */
  | { readonly kind: "reference"; readonly to: string }
  /** A program with its arguments, quoted as a whole. */
  | { readonly kind: "command" }
  | { readonly kind: "path" }
  /** Any one word; `bytesMax` where keepalived cuts or refuses longer ones. */
  | { readonly kind: "text"; readonly bytesMax?: number; readonly secret?: true }
  /** A form of its own: `read` gives the value, or what is wrong with the word. */
  | { readonly kind: "form"; readonly form: string; readonly read: FormReader };

/** What a reader of an own form says: the value, or a message [and what counts in its stead]. */
export type FormReading =
  | { readonly ok: true; readonly value: SettingValue }
  | { readonly ok: false; readonly message: string; readonly otherwise: Otherwise };

export type FormReader = (text: string) => FormReading;

/** A validated argument: times in milliseconds, addresses in canonical text, booleans as such. */
export type SettingValue = string | number | boolean;

/** One argument of a keyword. */
export interface ArgumentSpec {
  /** As the reference writes it, in capitals: `SECONDS`. */
  readonly name: string;
  readonly value: ValueKind;
  readonly optional?: true;
  /** True: this argument, the last one, may stand any number of times. */
  readonly repeats?: true;
}

/**
 * Another argument list, which its first word chooses: `fwmark MARK` in the place of `ADDRESS PORT`. The values are then
 * the word itself and those of the list.
 */
export interface Variant {
  readonly word: string;
  readonly summary: string;
  readonly arguments: readonly ArgumentSpec[];
}

/** What stands between the braces of a keyword. */
export type BlockContents =
  | { readonly kind: "keywords"; readonly block: BlockSpec }
  | { readonly kind: "lines"; readonly lines: LineSpec };

/** One keyword of one block. */
export interface KeywordSpec {
  readonly name: string;
  /** One or two whole sentences of our own: what it does. */
  readonly summary: string;
  /** In order; empty for a keyword without argument. */
  readonly arguments: readonly ArgumentSpec[];
  /** Argument lists beside `arguments`. */
  readonly variants?: readonly Variant[];
  /** Words behind the arguments, in any order: `weight -20 reverse`, `lvs_method TUN type gue port 6080`. */
  readonly options?: readonly OptionSpec[];
  /** keepalived goes on when the first argument is missing: what counts then. Absent: keepalived ends. */
  readonly withoutArgument?: string;
  /** The value that counts without the keyword, as it would be written. */
  readonly default?: string;
  /** What counts without the keyword where no single value says it. Neither: nothing. */
  readonly unset?: string;
  readonly contents?: BlockContents;
  /** What becomes of the line when it has a word too many. Absent: the word is ignored. */
  readonly extraWord?: Otherwise;
  /** True when a second line adds to the first. Otherwise the last one counts. */
  readonly repeats?: true;
  /** The keyword that this one is another spelling of. */
  readonly sameAs?: string;
  /** A spelling that keepalived is giving up; `rename` is the new keyword where nothing else changes. */
  readonly deprecated?: { readonly advice: string; readonly rename?: string };
  /** False as long as Keelson reads it and does nothing; `missing` then says what that means at run time. */
  readonly acts: boolean;
  readonly missing?: string;
  /** keepalived's version that brought it, where that is younger than 2.2.7. */
  readonly since?: string;
  /** True for Keelson's own keywords. */
  readonly ours?: true;
  /**
   * Values that no single word shows: alternatives of argument lists, checked by hand. Rare. Takes the words of the
   * line, the keyword first, and gives what is wrong with them.
   */
  readonly check?: (words: readonly string[]) => string | undefined;
}

/** One block. */
export interface BlockSpec {
  /** `virtual_server/real_server`; the file itself is `/`. */
  readonly path: string;
  readonly summary: string;
  readonly keywords: readonly KeywordSpec[];
}

/** One word of an entry's tail: `dev eth0`, `nodad`, `[lock] mtu`. */
export interface OptionSpec {
  readonly name: string;
  readonly summary: string;
  readonly arguments: readonly ArgumentSpec[];
  /** Options of this option: they follow it, and the first word that is none of them ends it. */
  readonly options?: readonly OptionSpec[];
  readonly sameAs?: string;
  readonly acts: boolean;
  readonly missing?: string;
  readonly deprecated?: { readonly advice: string; readonly rename?: string };
  /** True when it may stand again and again. */
  readonly repeats?: true;
  /** Names of options that cannot stand beside this one. */
  readonly excludes?: readonly string[];
}

/** The lines of a block of values: leading words, then options in any order. */
export interface LineSpec {
  /** The `@` name of the reference: `address-line`. */
  readonly name: string;
  readonly summary: string;
  readonly leading: readonly ArgumentSpec[];
  /** Lines that begin otherwise: `fwmark MARK`. */
  readonly variants?: readonly Variant[];
  readonly options: readonly OptionSpec[];
  /** What the words are together: undefined, or what is wrong. */
  readonly check?: (words: readonly string[]) => string | undefined;
}
