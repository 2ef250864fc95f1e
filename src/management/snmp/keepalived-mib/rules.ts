// KEEPALIVED-MIB: virtual rules.

import type { Family } from "../../../base/address.ts";
import type { RoutingOption, RoutingRule } from "../../../model/routing.ts";
import type { ManagementFacts } from "../../facts.ts";
import { type InstanceFacts, instancesOf, stateOf } from "../instance-facts.ts";
import { type Column, column, type MibGroup, table } from "../mib-group.ts";
import {
  hasOption,
  optionGauge,
  optionPair,
  optionText,
  type Prefix,
  prefixOf,
  tableNumber,
} from "../routing-options.ts";
import {
  addressType,
  gauge,
  inetAddress,
  integer,
  octets,
  octetsOrNothing,
  type SnmpValue,
  truth,
} from "../value.ts";
import { vrrpEntry } from "./identifiers.ts";

interface RuleRow {
  readonly instance: InstanceFacts;
  readonly rule: RoutingRule;
  readonly options: readonly RoutingOption[];
  readonly from: Prefix | undefined;
  readonly to: Prefix | undefined;
}

const lookUp = 1;
const actions: Readonly<Record<string, number>> = {
  goto: 2,
  nop: 3,
  blackhole: 6,
  unreachable: 7,
  prohibit: 8,
};

function actionOf({ options }: RuleRow): number {
  const written = options.find(({ name }) => actions[name] !== undefined);
  return written === undefined ? lookUp : (actions[written.name] ?? lookUp);
}

function end(text: string | undefined, family: Family): Prefix | undefined {
  return text === undefined ? undefined : prefixOf(text, family);
}

/** The last number of a pair stands for both where only one is written. */
function range(number: number, name: string, option: string, part: 0 | 1): Column<RuleRow> {
  return column(number, name, ({ options }) => {
    const [first, last = first] = optionPair(options, option, "-");
    const value = part === 0 ? first : last;
    return value === undefined ? undefined : gauge(value);
  });
}

function prefixColumns(
  first: number,
  name: string,
  side: (row: RuleRow) => Prefix | undefined,
): readonly Column<RuleRow>[] {
  const part =
    (value: (prefix: Prefix) => SnmpValue) =>
    (row: RuleRow): SnmpValue | undefined => {
      const prefix = side(row);
      return prefix === undefined ? undefined : value(prefix);
    };
  return [
    column(
      first,
      `${name}AddressType`,
      part(({ address }) => addressType(address)),
    ),
    column(
      first + 1,
      `${name}Address`,
      part(({ address }) => inetAddress(address)),
    ),
    column(
      first + 2,
      `${name}AddressMask`,
      part(({ length }) => gauge(length)),
    ),
  ];
}

function direction({ from, to }: RuleRow): SnmpValue | undefined {
  if (from !== undefined && to !== undefined) return octets("both");
  return octetsOrNothing(to !== undefined ? "to" : from && "from");
}

/** The table that is looked up; none for a rule that ends the search by itself. */
function tableOf(row: RuleRow): SnmpValue | undefined {
  if (actionOf(row) !== lookUp) return undefined;
  const mainTable = 254;
  const number = tableNumber(row.rule.table, mainTable);
  return number === undefined ? undefined : gauge(number);
}

function fwmark({ options }: RuleRow, part: 0 | 1): SnmpValue | undefined {
  const value = optionPair(options, "fwmark", "/")[part];
  return value === undefined ? undefined : gauge(value);
}

/** `SOURCE/DESTINATION`, or the destination alone. */
function realm({ options }: RuleRow, part: 0 | 1): SnmpValue | undefined {
  const [first, second] = optionPair(options, "realms", "/");
  const value = second === undefined ? [undefined, first][part] : [first, second][part];
  return value === undefined ? undefined : gauge(value);
}

function tunnelId({ options }: RuleRow, high: boolean): SnmpValue | undefined {
  const text = optionText(options, "tun_id");
  if (text === undefined || !/^(0x[0-9a-f]+|\d+)$/i.test(text)) return undefined;
  const id = BigInt(text);
  return gauge(Number(high ? id >> 32n : id & 0xffffffffn));
}

const rules = table<ManagementFacts, RuleRow>({
  name: "vrrpRuleTable",
  entry: vrrpEntry(8),
  rows: (facts) =>
    instancesOf(facts).flatMap((instance) =>
      (instance.wish.options?.rules ?? []).map((rule, i) => {
        const { family } = instance.wish;
        const [from, to] = [end(rule.from, family), end(rule.to, family)];
        const row = { instance, rule, options: rule.options, from, to };
        return { index: [instance.number, i + 1], row };
      }),
    ),
  columns: [
    column(2, "vrrpRuleDirection", direction),
    ...prefixColumns(3, "vrrpRule", ({ from, to }) => to ?? from),
    column(6, "vrrpRuleRoutingTable", tableOf),
    column(7, "vrrpRuleStatus", ({ instance }) => truth(stateOf(instance) === "MASTER")),
    column(8, "vrrpRuleInvert", ({ options }) => truth(hasOption(options, "not"))),
    ...prefixColumns(9, "vrrpRuleDestination", ({ to }) => to),
    ...prefixColumns(12, "vrrpRuleSource", ({ from }) => from),
    column(15, "vrrpRuleTos", ({ options }) => optionGauge(options, "tos", "dsfield") ?? gauge(0)),
    column(16, "vrrpRuleFwmark", (row) => fwmark(row, 0)),
    column(17, "vrrpRuleFwmask", (row) => fwmark(row, 1)),
    column(18, "vrrpRuleRealmDst", (row) => realm(row, 1)),
    column(19, "vrrpRuleRealmSrc", (row) => realm(row, 0)),
    column(20, "vrrpRuleInInterface", ({ options }) =>
      octetsOrNothing(optionText(options, "iif", "dev")),
    ),
    column(21, "vrrpRuleOutInterface", ({ options }) =>
      octetsOrNothing(optionText(options, "oif")),
    ),
    column(22, "vrrpRuleTarget", ({ options }) => optionGauge(options, "goto")),
    column(23, "vrrpRuleAction", (row) => integer(actionOf(row))),
    column(24, "vrrpRuleTableNo", tableOf),
    column(25, "vrrpRulePreference", ({ rule }) =>
      rule.preference === undefined ? undefined : gauge(rule.preference),
    ),
    column(26, "vrrpRuleSuppressPrefixLen", ({ options }) =>
      optionGauge(options, "suppress_prefixlength", "sup_pl"),
    ),
    column(27, "vrrpRuleSuppressGroup", ({ options }) =>
      octetsOrNothing(optionText(options, "suppress_ifgroup", "sup_group")),
    ),
    column(28, "vrrpRuleTunnelIdHigh", (row) => tunnelId(row, true)),
    column(29, "vrrpRuleTunnelIdLow", (row) => tunnelId(row, false)),
    range(30, "vrrpRuleUidRangeStart", "uidrange", 0),
    range(31, "vrrpRuleUidRangeEnd", "uidrange", 1),
    column(32, "vrrpRuleL3mdev", ({ options }) =>
      hasOption(options, "l3mdev") ? truth(true) : undefined,
    ),
    column(34, "vrrpRuleIPProto", ({ options }) => optionGauge(options, "ipproto")),
    range(35, "vrrpRuleSrcPortStart", "sport", 0),
    range(36, "vrrpRuleSrcPortEnd", "sport", 1),
    range(37, "vrrpRuleDstPortStart", "dport", 0),
    range(38, "vrrpRuleDstPortEnd", "dport", 1),
  ],
});

/** The table of rules. */
export const ruleGroups: readonly MibGroup<ManagementFacts>[] = [rules];
