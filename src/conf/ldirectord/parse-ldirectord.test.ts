import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import type { IpAddress } from "../../base/address.ts";
import type { LdirectordConfiguration, Setting } from "./configuration.ts";
import { settingOf, settingsOf, settingValue } from "./configuration.ts";
import { directiveNames, directives } from "./directives.ts";
import { readLdirectord } from "./load-ldirectord.ts";
import { maskSecrets } from "./mask-secrets.ts";
import { parseLdirectord } from "./parse-ldirectord.ts";
import { printLdirectord } from "./print-ldirectord.ts";

function findings(text: string): readonly string[] {
  return parseLdirectord(text, "l.cf").diagnostics.map(
    ({ span, code, message }) => `${span.line}:${span.column} ${code} ${message}`,
  );
}

test("a section is a virtual server with the indented lines under it, and comments do not end it", () => {
  const { configuration, diagnostics } = parseLdirectord(
    [
      "# all",
      "checktimeout=3",
      "virtual = 192.0.2.10:http",
      "\treal=198.51.100.1:80 gate 5",
      "# at the beginning of a line",
      "    # and indented",
      "        scheduler = wlc # the least",
      "checkinterval=7",
    ].join("\n"),
    "l.cf",
  );
  assert.deepEqual(diagnostics, []);
  const [section] = configuration.virtuals;
  assert.deepEqual(section?.target, {
    kind: "endpoint",
    host: { kind: "address", address: "192.0.2.10" },
    port: 80,
  });
  const settings = section?.settings ?? [];
  const scheduler = settingOf(settings, "scheduler");
  assert.equal(scheduler?.value, "wlc");
  assert.deepEqual(scheduler?.comments, {
    above: ["at the beginning of a line", "and indented"],
    beside: "the least",
  });
  assert.deepEqual(scheduler?.span, { file: "l.cf", line: 7, column: 21, length: 3 });
  assert.equal(settingValue(configuration.settings, "checkinterval"), 7);
});

test("an empty line ends a section, and what is indented behind it is told the line that ended it", () => {
  const text = "virtual=192.0.2.10:80\n\treal=198.51.100.1:80 gate\n\n\tscheduler=rr\n";
  const [finding, ...others] = parseLdirectord(text, "l.cf").diagnostics;
  assert.deepEqual(others, []);
  assert.equal(finding?.code, "D02");
  assert.equal(finding?.stops, true);
  assert.equal(finding?.related?.[0]?.span.line, 3);
});

test("a real server has its range, method, weight, own request and thresholds", () => {
  const text =
    'virtual=192.0.2.10:80\n\treal=198.51.100.2->198.51.100.7:8080 masq 5 "index.html", "it works" l:5 u:10\n';
  const { configuration, diagnostics } = parseLdirectord(text, "l.cf");
  assert.deepEqual(diagnostics, []);
  assert.deepEqual(settingValue(configuration.virtuals[0]?.settings ?? [], "real"), {
    host: { kind: "address", address: "198.51.100.2" },
    last: { kind: "address", address: "198.51.100.7" },
    port: 8080,
    forwarding: "masq",
    weight: 5,
    request: "index.html",
    receive: "it works",
    lowerThreshold: 5,
    upperThreshold: 10,
  });
});

test("findings stand at the word that they are about", () => {
  assert.deepEqual(findings("virtual=192.0.2.10:80\n\treal=198.51.100.1:80 gate 1 2\n"), [
    "2:30 D11 `2` is one word too many",
  ]);
  assert.deepEqual(findings("virtual=192.0.2.10:htpp\n"), ["1:20 D08 `htpp` is no name of a port"]);
  assert.deepEqual(findings("quiescnt=yes\n"), ["1:1 D01 unknown directive `quiescnt`"]);
  assert.deepEqual(findings("virtual=10.1.0.100\n"), [
    "1:9 D16 `10.1.0.100` has no port, and is taken for the firewall mark 10",
  ]);
});

test("passwords stand in no comment and in no finding", () => {
  const text =
    'virtual=192.0.2.10:3306\n\treal=198.51.100.1:3306 gate\n\tpasswd="hunter2"\n\tpasswd=hunter2\n\tsecret="hunter2"\n';
  const { text: converted, diagnostics } = readLdirectord(text, "l.cf");
  assert.ok(!converted.includes("hunter2"), converted);
  assert.ok(!JSON.stringify(diagnostics).includes("hunter2"));
  assert.ok(converted.includes('passwd="****"'));
  const shown = maskSecrets(text);
  assert.ok(!shown.includes("hunter2"));
  assert.equal(shown.length, text.length);
});

test("every directive says what it is, and belongs somewhere", () => {
  for (const name of directiveNames) {
    const { summary, scopes } = directives[name];
    assert.match(summary, /^[A-Z].*\.$/, name);
    assert.ok(scopes.length > 0, name);
  }
});

const word = fc.stringMatching(/^[a-z][a-z0-9]{0,7}$/);
const phrase = fc.stringMatching(/^[a-z/][a-z0-9 .?=/-]{0,12}[a-z0-9]$/);
const ipv4 = fc
  .tuple(fc.integer({ min: 1, max: 223 }), fc.nat(255), fc.nat(255), fc.nat(255))
  .map((bytes) => bytes.join(".") as IpAddress);
const host = fc.oneof(
  ipv4.map((address) => ({ kind: "address" as const, address })),
  word.map((name) => ({ kind: "name" as const, name })),
);
const port = fc.integer({ min: 1, max: 65_535 });
const forwarding = fc.constantFrom("gate" as const, "masq" as const, "ipip" as const);
const ownCheck = fc.record({ request: word, receive: phrase });
const thresholds = fc.record({ lowerThreshold: fc.nat(1000), upperThreshold: fc.nat(1000) });
const real = fc
  .tuple(
    fc.record({ host, port: fc.oneof(fc.constant(0), port), forwarding }),
    fc.option(fc.record({ weight: fc.nat(65_535) }), { nil: {} }),
    fc.option(ownCheck, { nil: {} }),
    fc.option(thresholds, { nil: {} }),
  )
  .map((parts) => Object.assign({}, ...parts));

/** Values by directive: one of every kind of form. */
const values: Readonly<Record<string, fc.Arbitrary<unknown>>> = {
  checktimeout: fc.integer({ min: 1, max: 100_000 }),
  quiescent: fc.boolean(),
  scheduler: fc.constantFrom("rr", "wrr", "lc", "mh"),
  service: fc.constantFrom("http", "dns", "none", "http_proxy"),
  checktype: fc.oneof(
    fc.constantFrom("connect", "negotiate", "external-perl").map((kind) => ({ kind })),
    fc.nat(9).map((negotiateEvery) => ({ kind: "combined", negotiateEvery })),
  ),
  request: phrase,
  passwd: phrase,
  virtualhost: phrase,
  comment: phrase,
  netmask: fc.constantFrom("255.255.255.0", "255.0.0.0"),
  emailalertstatus: fc.uniqueArray(fc.constantFrom("starting", "running"), { minLength: 1 }),
  schedflags: fc.uniqueArray(fc.constantFrom("flag-1", "sh-port"), { minLength: 1 }),
  fallback: fc
    .tuple(
      fc.record({ host }),
      fc.option(fc.record({ port }), { nil: {} }),
      fc.option(fc.record({ forwarding }), { nil: {} }),
    )
    .map((parts) => Object.assign({}, ...parts)),
  real,
};

const nowhere = { file: "", line: 0, column: 0, length: 0 };
const comments = fc.record({ above: fc.array(phrase, { maxLength: 2 }) });
const setting = fc
  .constantFrom(...Object.keys(values))
  .chain((name) =>
    fc
      .tuple(values[name] ?? fc.constant(1), comments)
      .map(
        ([value, around]) =>
          ({ name, value, nameSpan: nowhere, span: nowhere, comments: around }) as Setting,
      ),
  );
const section = fc.record({
  family: fc.constant(4 as const),
  target: fc.oneof(
    fc.record({ kind: fc.constant("endpoint" as const), host, port }),
    fc.record({
      kind: fc.constant("fwmark" as const),
      fwmark: fc.integer({ min: 1, max: 2 ** 32 - 1 }),
    }),
  ),
  span: fc.constant(nowhere),
  settings: fc.array(setting, { maxLength: 6 }),
  comments,
});
const configurations: fc.Arbitrary<LdirectordConfiguration> = fc.record({
  file: fc.constant("l.cf"),
  settings: fc.array(
    setting.filter(({ name }) => directives[name].scopes.includes("global")),
    {
      maxLength: 3,
    },
  ),
  virtuals: fc.array(section, { maxLength: 3 }),
  commentsBelow: fc.array(phrase, { maxLength: 2 }),
});

function withoutPlaces(configuration: LdirectordConfiguration): unknown {
  return JSON.parse(
    JSON.stringify(configuration, (key, value) =>
      /^(span|nameSpan)$/.test(key) ? undefined : value,
    ),
  );
}

test("what is printed reads as what it was", () => {
  fc.assert(
    fc.property(configurations, (configuration) => {
      const read = parseLdirectord(printLdirectord(configuration), "l.cf").configuration;
      assert.deepEqual(withoutPlaces(read), withoutPlaces(configuration));
    }),
    { numRuns: 300 },
  );
});

test("no text stops the reader, and every place lies in the text", () => {
  const pieces = fc.constantFrom(
    ...[
      "virtual",
      "virtual6",
      "=",
      "\n",
      "\t",
      "    ",
      " ",
      "#",
      '"',
      "->",
      ":",
      "[",
      "]",
      "real",
      "gate",
    ],
    ...[
      "192.0.2.1",
      "fd00::1",
      "80",
      "l:",
      "u:",
      "\r",
      "\u0000",
      "request",
      "é",
      "99999999999999999999",
    ],
    ...directiveNames,
  );
  const texts = fc.oneof(
    fc.string(),
    fc.array(pieces, { maxLength: 60 }).map((all) => all.join("")),
  );
  fc.assert(
    fc.property(texts, (text) => {
      const lines = text.split("\n");
      for (const { span } of readLdirectord(text, "l.cf").diagnostics) {
        assert.ok(span.line >= 1 && span.line <= lines.length, `line ${span.line}`);
        assert.ok(span.column >= 1 && span.length >= 0);
      }
    }),
    { numRuns: 1000 },
  );
});

test("a long line and a long file are read in one go", () => {
  const long = `virtual=192.0.2.1:80\n\treal=${"a->".repeat(50_000)}:80 gate "${'", "'.repeat(50_000)}\n`;
  assert.equal(parseLdirectord(long, "l.cf").configuration.virtuals.length, 1);
  const many = "virtual=192.0.2.1:80\n\treal=198.51.100.1:80 gate\n".repeat(20_000);
  const { virtuals } = parseLdirectord(many, "l.cf").configuration;
  assert.equal(virtuals.length, 20_000);
  assert.equal(settingsOf(virtuals[0]?.settings ?? [], "real").length, 1);
});
