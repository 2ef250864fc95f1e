import assert from "node:assert/strict";
import { test } from "node:test";
import { column, table } from "../snmp/mib-group.ts";
import { MibTree, MibView } from "../snmp/mib-view.ts";
import { oid } from "../snmp/oid.ts";
import { integer } from "../snmp/value.ts";
import { answerRequest } from "./answer.ts";
import { AgentxFormatError, AgentxReader, AgentxWriter } from "./bytes.ts";
import { AgentxFraming } from "./framing.ts";
import { type AgentxHeader, decodeMessage, encodeAnswer, encodeRequest } from "./message.ts";

const header: AgentxHeader = { sessionId: 1, transactionId: 2, packetId: 3 };

function bytes(text: string): Buffer {
  return Buffer.from(text.replaceAll(/\s/g, ""), "hex");
}

test("RFC 2741 section 5.1: an identifier of the internet is shortened, another one is not", () => {
  const short = new AgentxWriter().oid(oid("1.3.6.1.2.1.1.1.0")).finish();
  assert.deepEqual(short, bytes("04 02 00 00 00000001 00000001 00000001 00000000"));
  const long = new AgentxWriter().oid(oid("1.2.3.4")).finish();
  assert.deepEqual(long, bytes("04 00 00 00 00000001 00000002 00000003 00000004"));
  assert.deepEqual(new AgentxWriter().oid([]).finish(), bytes("00 00 00 00"));
  assert.deepEqual(new AgentxReader(short, true).oid().oid, oid("1.3.6.1.2.1.1.1.0"));
});

test("RFC 2741 section 5.3: an octet string is padded to four bytes", () => {
  const written = new AgentxWriter().octets(Buffer.from("abcde")).finish();
  assert.deepEqual(written, bytes("00000005 61626364 65000000"));
  assert.deepEqual(new AgentxReader(written, true).octets().toString(), "abcde");
});

test("each type of value comes back as it went", () => {
  const values = [
    integer(-1),
    { type: "octets", value: Buffer.from("x") },
    { type: "oid", value: oid("1.3.6.1.4.1.9586") },
    { type: "ip-address", value: Buffer.from([10, 9, 0, 1]) },
    { type: "counter32", value: 0xffffffff },
    { type: "gauge32", value: 7 },
    { type: "timeticks", value: 100 },
    { type: "counter64", value: 2n ** 64n - 1n },
  ] as const;
  for (const value of values) {
    const written = new AgentxWriter().varbind({ oid: oid("1.3.6.1.4.1.1"), value }).finish();
    assert.equal(written.length % 4, 0);
    assert.deepEqual(new AgentxReader(written, true).varbind(), {
      oid: oid("1.3.6.1.4.1.1"),
      value,
    });
  }
});

test("a master agent may speak in the byte order of its machine", () => {
  const get = bytes(
    `01 05 00 00 01000000 02000000 03000000 14000000
     02 04 00 00 01000000 02000000
     01 02 00 00 09000000`,
  );
  assert.deepEqual(decodeMessage(get), {
    header,
    input: {
      kind: "get",
      ranges: [{ start: oid("1.3.6.1.4.1.2"), include: false, end: oid("1.3.6.1.2.9") }],
    },
  });
});

test("a request in another context than the default one is read behind its name", () => {
  const get = bytes(
    `01 06 18 00 00000001 00000002 00000003 00000014
     00000002 78790000
     01 04 01 00 00000001
     00 00 00 00`,
  );
  const { input } = decodeMessage(get);
  assert.deepEqual(input, {
    kind: "get-next",
    ranges: [{ start: oid("1.3.6.1.4.1"), include: true, end: [] }],
  });
});

test("messages are found in a stream that brings them in pieces or several at once", () => {
  const first = encodeRequest(header, { kind: "ping" });
  const second = encodeRequest(header, { kind: "open", description: "Keelson", timeoutS: 5 });
  const whole = Buffer.concat([first, second, first]);
  for (const size of [1, 3, 7, 20, 21, whole.length]) {
    const framing = new AgentxFraming();
    const found: Buffer[] = [];
    for (let at = 0; at < whole.length; at += size)
      found.push(...framing.push(whole.subarray(at, at + size)));
    assert.deepEqual(found, [first, second, first], `pieces of ${size} bytes`);
  }
});

test("what is no AgentX is refused: another version, a length that cannot be, an early end", () => {
  const ping = encodeRequest(header, { kind: "ping" });
  const changed = (at: number, value: number): Buffer => {
    const copy = Buffer.from(ping);
    copy[at] = value;
    return copy;
  };
  assert.throws(() => new AgentxFraming().push(changed(0, 2)), AgentxFormatError);
  assert.throws(() => new AgentxFraming().push(changed(16, 0x7f)), AgentxFormatError);
  assert.throws(() => new AgentxFraming().push(changed(19, 3)), AgentxFormatError);
  const cut = bytes("01 05 10 00 00000001 00000002 00000003 00000004 05 04 00 00");
  assert.throws(() => decodeMessage(cut), AgentxFormatError);
});

const numbers = table<null, number>({
  name: "numbers",
  entry: oid("1.3.6.1.4.1.1"),
  columns: [column(1, "one", (row) => integer(row)), column(2, "two", (row) => integer(row * 10))],
  rows: () => [1, 2, 3].map((row) => ({ index: [row], row })),
});
const view = new MibView(new MibTree([numbers]), null);
const range = (text: string) => ({ start: oid(text), include: false, end: oid("1.3.6.1.4.1.2") });

test("RFC 2741 section 7.2.3.3: a bulk is one round of all columns after the other", () => {
  const answer = answerRequest(
    {
      kind: "get-bulk",
      nonRepeaters: 1,
      maxRepetitions: 2,
      ranges: [range("1.3.6.1.4.1.1.2.2"), range("1.3.6.1.4.1.1.1"), range("1.3.6.1.4.1.1.2.3")],
    },
    view,
  );
  assert.deepEqual(
    answer?.varbinds.map(({ oid: place, value }) => [place.slice(6), value]),
    [
      [[1, 2, 3], integer(30)],
      [[1, 1, 1], integer(1)],
      [[1, 2, 3], "end-of-mib-view"],
      [[1, 1, 2], integer(2)],
      [[1, 2, 3], "end-of-mib-view"],
    ],
  );
});

test("nothing can be written", () => {
  const answer = answerRequest({ kind: "test-set", oids: [oid("1.3.6.1.4.1.1.1.1")] }, view);
  assert.deepEqual(answer, { error: 17, index: 1, varbinds: [] });
  assert.equal(answerRequest({ kind: "commit-set" }, view)?.error, 14);
  assert.equal(answerRequest({ kind: "cleanup-set" }, view), undefined);
});

test("an answer carries the numbers of its request, its error and its values", () => {
  const written = encodeAnswer(header, {
    error: 0,
    index: 0,
    varbinds: [{ oid: oid("1.3.6.1.4.1.1.9"), value: "no-such-object" }],
  });
  assert.deepEqual(
    written,
    bytes(
      `01 12 10 00 00000001 00000002 00000003 0000001c
       00000000 0000 0000
       0080 0000 03 04 00 00 00000001 00000001 00000009`,
    ),
  );
});
