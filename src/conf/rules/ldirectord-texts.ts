// Pieces of ldirectord.cf for the examples of rules.

/** A virtual server that works, with more lines in it; a `checktype` among them takes the place of its own. */
export function sectionWith(lines: string): string {
  const check = /^\t?checktype/m.test(lines) ? "" : "\tchecktype=connect\n";
  return `virtual=192.0.2.10:80\n\treal=198.51.100.1:80 gate\n${check}\t${lines}\n`;
}
