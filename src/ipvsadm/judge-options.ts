// Whether options go together: with a command, and with a kind of tunnel.

import {
  type CommandTitle,
  type Fitting,
  fittingOfCommand,
  fittingOfTunnel,
  type OptionTitle,
  optionTitles,
} from "./options.ts";

/** What ipvsadm says of options that do not go with a command; undefined when they do. */
export function judgeCommandOptions(
  command: CommandTitle,
  given: ReadonlySet<OptionTitle>,
): string | undefined {
  return judge(given, optionTitles, fittingOfCommand[command], `'${command}' command`);
}

/** The same for the options of a tunnel. */
export function judgeTunnelOptions(
  type: keyof typeof fittingOfTunnel,
  given: ReadonlySet<OptionTitle>,
): string | undefined {
  const titles: readonly OptionTitle[] = ["tun-port", "tun-nocsum", "tun-csum", "tun-remcsum"];
  return judge(given, titles, fittingOfTunnel[type], `'${type}' tunnel type`);
}

/** The first complaint in the order of the titles. */
function judge(
  given: ReadonlySet<OptionTitle>,
  titles: readonly OptionTitle[],
  { needed, allowed, exclusive }: Fitting,
  what: string,
): string | undefined {
  let one: OptionTitle | undefined;
  for (const title of titles) {
    if (!given.has(title)) {
      if (needed.includes(title)) return `You need to supply the '${title}' option for the ${what}`;
      continue;
    }
    if (needed.includes(title) || allowed.includes(title)) continue;
    if (!exclusive.includes(title)) return `Illegal '${title}' option with the ${what}`;
    if (one !== undefined)
      return `The option '${title}' conflicts with the '${one}' option in the ${what}`;
    one = title;
  }
  return undefined;
}
