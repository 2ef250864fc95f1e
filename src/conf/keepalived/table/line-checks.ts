// What the words of a line of values are together, where each of them alone is right.

/** The family of a word that is an address or a prefix; undefined for all others. */
function familyOfWord(word: string): 4 | 6 | undefined {
  if (/^\d+(\.\d+){3}(\/\d+)?$/.test(word)) return 4;
  return /^[0-9a-fA-F:.]*:[0-9a-fA-F:.]*(\/\d+)?$/.test(word) ? 6 : undefined;
}

const ipv6Only = ["from", "expires", "pref"];
const ipv4Only = ["realms"];

/** Addresses of one family, and no option of the other. `wraps` is where the addresses of another packet begin. */
function familyFault(
  words: readonly string[],
  ofFamily: Readonly<Record<4 | 6, readonly string[]>>,
): string | undefined {
  const wraps = words.indexOf("encap");
  const plain = wraps < 0 ? words : words.slice(0, wraps);
  const addresses = plain.filter((word) => familyOfWord(word) !== undefined);
  const [first] = addresses;
  const family = first === undefined ? undefined : familyOfWord(first);
  if (family === undefined) return undefined;
  const other = addresses.find((word) => familyOfWord(word) !== family);
  if (other !== undefined) return `\`${other}\` is not of the family of \`${first}\``;
  const option = plain.find((word) => ofFamily[family === 4 ? 6 : 4].includes(word));
  if (option === undefined) return undefined;
  return `\`${option}\` is for IPv${family === 4 ? 6 : 4}, and \`${first}\` is IPv${family}`;
}

const ofOtherEncap: Readonly<Record<"ip" | "ip6", readonly string[]>> = {
  ip: ["tc", "hoplimit"],
  ip6: ["tos", "ttl"],
};
const ofEncap = ["id", "dst", "src", "tos", "ttl", "tc", "hoplimit", "flags"];

/** The options that follow `encap ip` at once, each with an argument. */
function encapOptions(words: readonly string[]): readonly string[] {
  const own: string[] = [];
  for (let i = 0; ofEncap.includes(words[i] ?? ""); i += 2) own.push(words[i] ?? "");
  return own;
}

/** Words of a route that begin no destination, and those with an address of another use behind them. */
const ofRoute = ["via", "gw", "or", "src", "from", "dev", "oif", "table", "metric", "scope"];
const beforeOtherAddress = ["via", "gw", "or", "src", "from", "dst"];

/** False for a route that begins with an option and names no destination behind it. */
function hasDestination(words: readonly string[]): boolean {
  if (!ofRoute.includes(words[0] ?? "")) return true;
  return words.some((word, i) => {
    const isPlace = ["to", "default", "any", "all", "default6"].includes(word);
    if (!isPlace && !/^[\d.]+\/\d+$/.test(word) && familyOfWord(word) === undefined) return false;
    const before = /^inet6?$/.test(words[i - 1] ?? "") ? words[i - 2] : words[i - 1];
    return !beforeOtherAddress.includes(before ?? "");
  });
}

/** A route has one family, and what wraps its packets is told as its kind needs. */
export function routeFault(words: readonly string[]): string | undefined {
  const family = familyFault(words, { 4: ipv4Only, 6: [...ipv6Only, "inet6"] });
  if (family !== undefined) return family;
  if (!hasDestination(words)) return "a route needs a destination: `default`, or addresses";
  const place = words.indexOf("encap");
  if (place < 0) return undefined;
  const [type, ...rest] = words.slice(place + 1);
  const labels = /^[0-9a-fA-F/:]+$/.test(rest[0] ?? "");
  if (type === "mpls" && !labels) return "`encap mpls` needs labels, such as `100/200`";
  if (type === "ila" && !labels) return "`encap ila` needs a locator, such as `1:2:3:4`";
  if (type !== "ip" && type !== "ip6") return undefined;
  if (labels) return `\`${rest[0]}\` is no option of \`encap ${type}\``;
  const own = encapOptions(rest);
  const foreign = own.find((word) => ofOtherEncap[type].includes(word));
  if (foreign !== undefined) return `\`${foreign}\` is no option of \`encap ${type}\``;
  return own.includes("id") || own.includes("dst")
    ? undefined
    : `\`encap ${type}\` needs a \`dst\` or an \`id\``;
}

const bareActions = ["nop", "blackhole", "unreachable", "prohibit", "l3mdev"];
const namedActions = ["table", "lookup", "goto", "type"];

/** A rule does one thing, for one family. */
export function ruleFault(words: readonly string[]): string | undefined {
  const family = familyFault(words, { 4: ["realms"], 6: ["inet6"] });
  if (family !== undefined) return family;
  const actions = words.filter(
    (word, i) =>
      namedActions.includes(word) || (bareActions.includes(word) && words[i - 1] !== "type"),
  );
  const [first, second] = actions;
  if (first === undefined) return "the rule does nothing: it names no table and no action";
  if (second !== undefined && second !== first)
    return `a rule does one thing, and \`${second}\` is another than \`${first}\``;
  const argumentOf = (...names: string[]): string | undefined => {
    const place = words.findIndex((word) => names.includes(word));
    return place < 0 ? undefined : words[place + 1];
  };
  if (argumentOf("table", "lookup") === "0") return "there is no table 0";
  const target = Number(argumentOf("goto"));
  const preference = Number(argumentOf("preference", "order", "priority"));
  return target <= preference
    ? `\`goto ${target}\` leads back: the rule itself has the preference ${preference}`
    : undefined;
}

/** An address with a peer has no length of its own, nor has the peer. */
export function addressFault(words: readonly string[]): string | undefined {
  return words.includes("peer") && words[0]?.includes("/") === true
    ? `an address with a \`peer\` has no prefix length: write \`${words[0].replace(/\/.*/, "")}\``
    : undefined;
}
