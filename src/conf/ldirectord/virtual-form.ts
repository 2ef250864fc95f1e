// What stands behind `virtual=`: an address with a port, or a firewall mark.

import type { VirtualTarget } from "./configuration.ts";
import { printHost, readHost, readPort, splitEndpoint } from "./endpoint.ts";
import { missing, reportExtra, type ValueForm, type ValueText } from "./value-form.ts";

const markMax = 4_294_967_295;

export const virtualTarget: ValueForm<VirtualTarget> = {
  form: "ADDRESS:PORT | MARK",
  print: (target) =>
    target.kind === "fwmark" ? `${target.fwmark}` : `${printHost(target.host)}:${target.port}`,
  read: (value) => {
    if (value.text === "") return missing(value);
    const [word = ""] = value.text.split(/\s/, 1);
    reportExtra(value, word.length);
    const { host, port } = splitEndpoint({ text: word, at: 0 });
    if (port === undefined) return readMark(word, value);
    const itsHost = readHost(host, value);
    const itsPort = readPort(port, value);
    if (itsHost === undefined || itsPort === undefined) return undefined;
    return { kind: "endpoint", host: itsHost, port: itsPort };
  },
};

/** ldirectord takes the first digits for a mark, whatever stands behind them. */
function readMark(word: string, value: ValueText): VirtualTarget | undefined {
  const digits = /^\d+/.exec(word)?.[0];
  if (digits === undefined) {
    value.report(0, word.length, "D08", {
      severity: "error",
      stops: true,
      message: `\`${word}\` has no port`,
      effect: "ldirectord does not start with this, and a reload keeps what runs; so does Keelson",
      fix: `write \`${value.directive}=${word}:PORT\``,
    });
    return undefined;
  }
  const fwmark = Number(digits);
  if (digits !== word)
    value.report(0, word.length, "D16", {
      severity: "error",
      message: `\`${word}\` has no port, and is taken for the firewall mark ${digits}`,
      effect: `packets to ${word} are not balanced: only packets that carry the mark ${digits} are`,
      fix: `write \`${value.directive}=${word}:PORT\``,
    });
  if (fwmark >= 1 && fwmark <= markMax) return { kind: "fwmark", fwmark };
  value.report(0, digits.length, "D07", {
    severity: "error",
    stops: true,
    message: `the firewall mark ${digits} is out of range`,
    label: `1 to ${markMax}`,
    effect: "ldirectord starts, and ipvsadm refuses the virtual server",
  });
  return undefined;
}
