// What an advert carries and the nodes do not agree on.

import type { VrrpAuthentication } from "../../model/vrrp-instance.ts";
import { spanAt } from "../keepalived/reading.ts";
import { settingOf } from "../keepalived/section.ts";
import type { Span } from "../text/diagnostic.ts";
import { instanceWith } from "./example-texts.ts";
import { type RouterPart, sharedRoutersOf } from "./nodes.ts";
import type { Configuration, Report, Rule } from "./rule.ts";
import { globalSetting, isKnown, placeOf, strictSetting } from "./vrrp-blocks.ts";

const low = (lines: string): string => instanceWith(lines).replace("priority 100", "priority 90");
const password = (word: string): string =>
  `authentication {\n    auth_type PASS\n    auth_pass ${word}\n}`;

export const advertsDoNotMatch: Rule = {
  id: "V42",
  name: "adverts-do-not-match",
  severity: "error",
  scope: "pair",
  check,
  title: "nodes differ in VRID, version, advert_int or authentication",
  explanation: [
    "A node drops adverts whose VRID, version, interval (in version 2) or password are not its own. It then",
    "hears nobody, and every node becomes MASTER: the address is on all of them, and who reaches which is",
    "chance.",
    "",
    "Write the same values on all nodes. In version 3 a BACKUP takes the interval from the MASTER's adverts,",
    "so different ones are only worth a warning. Passwords are compared and never shown.",
  ].join("\n"),
  bad: [
    [instanceWith("advert_int 1"), low("advert_int 2")],
    [instanceWith("version 3"), low("version 2")],
    [instanceWith(password("one")), low(password("two"))],
    [instanceWith(""), low("").replace("virtual_router_id 17", "virtual_router_id 18")],
  ],
  good: [
    [instanceWith("advert_int 1"), low("")],
    [instanceWith(password("secret78")), low(password("secret789"))],
  ],
  sources: [
    "https://www.rfc-editor.org/rfc/rfc3768#section-7.1",
    "https://github.com/acassen/keepalived/issues/2235",
  ],
};

function check(nodes: readonly Configuration[], report: Report): void {
  for (const { first, others } of sharedRoutersOf(nodes))
    for (const part of others) {
      compareVrid(first, part, report);
      const { value } = part;
      if (value.version !== first.value.version) reportVersion(first, part, report);
      else {
        compareInterval(first, part, report);
        compareAuthentication(first, part, report);
      }
    }
}

const nobodyHears = "the nodes drop each other's adverts, and all of them become MASTER";

function compareVrid(a: RouterPart, b: RouterPart, report: Report): void {
  const keyword = "virtual_router_id";
  if (a.value.vrid === b.value.vrid) return;
  report(placeOf(b.instance.section, keyword, b.instance.span), {
    message: `\`${b.instance.name}\` has VRID ${b.value.vrid} on ${b.nodeName} and ${a.value.vrid} on ${a.nodeName}`,
    related: [
      {
        span: placeOf(a.instance.section, keyword, a.instance.span),
        label: `${a.value.vrid} on ${a.nodeName}`,
      },
    ],
    effect: nobodyHears,
    fix: "write the same `virtual_router_id` on all nodes",
  });
}

function reportVersion(a: RouterPart, b: RouterPart, report: Report): void {
  report(versionPlace(b), {
    message: `\`${b.instance.name}\` has version ${b.value.version} on ${b.nodeName} and ${a.value.version} on ${a.nodeName}`,
    related: [{ span: versionPlace(a), label: `version ${a.value.version} on ${a.nodeName}` }],
    effect: nobodyHears,
    fix: "write the same `version` on all nodes",
  });
}

function versionPlace({ instance, node }: RouterPart): Span {
  const own = settingOf(instance.section, "version") ?? globalSetting(node, "vrrp_version");
  return own === undefined ? instance.span : spanAt(own.line, 0);
}

function compareInterval(a: RouterPart, b: RouterPart, report: Report): void {
  const keyword = "advert_int";
  const [here, there] = [b.value.advertIntervalCs / 100, a.value.advertIntervalCs / 100];
  if (here === there || !isKnown(a.instance.section, keyword)) return;
  if (!isKnown(b.instance.section, keyword)) return;
  const adopts = b.value.version === 3;
  report(placeOf(b.instance.section, keyword, b.instance.span), {
    ...(adopts ? { severity: "warning" } : {}),
    message: `\`${b.instance.name}\` sends every ${here} s on ${b.nodeName} and every ${there} s on ${a.nodeName}`,
    related: [
      {
        span: placeOf(a.instance.section, keyword, a.instance.span),
        label: `${there} s on ${a.nodeName}`,
      },
    ],
    effect: adopts ? "how long a failover takes depends on who was MASTER" : nobodyHears,
    fix: "write the same `advert_int` on all nodes",
  });
}

function compareAuthentication(a: RouterPart, b: RouterPart, report: Report): void {
  const keyword = "authentication";
  const [here, there] = [authenticationOf(b), authenticationOf(a)];
  if (here === undefined || there === undefined) return;
  const passwords = here.type === "PASS" && there.type === "PASS";
  if (here.type === there.type && (!passwords || here.password === there.password)) return;
  report(placeOf(b.instance.section, keyword, b.instance.span), {
    message: passwords
      ? `the passwords of \`${b.instance.name}\` differ between ${a.nodeName} and ${b.nodeName}`
      : `\`${b.instance.name}\` has ${say(here)} on ${b.nodeName} and ${say(there)} on ${a.nodeName}`,
    related: [
      {
        span: placeOf(a.instance.section, keyword, a.instance.span),
        label: passwords ? `another one on ${a.nodeName}` : `${say(there)} on ${a.nodeName}`,
      },
    ],
    effect: nobodyHears,
    fix: "write the same `authentication` block on all nodes",
  });
}

/** What counts: the strict mode has none. Undefined when the text leaves it open. */
function authenticationOf({ instance, node, value }: RouterPart): VrrpAuthentication | undefined {
  const block = settingOf(instance.section, "authentication")?.section;
  if (block !== undefined && !(isKnown(block, "auth_pass") && isKnown(block, "auth_type")))
    return undefined;
  return strictSetting(node, instance.section) === undefined
    ? value.authentication
    : { type: "none" };
}

function say({ type }: VrrpAuthentication): string {
  return type === "none" ? "no password" : "a password";
}
