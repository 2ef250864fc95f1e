import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, type TestContext, test } from "node:test";
import { SMTPServer, type SMTPServerOptions } from "smtp-server";
import type { MailSettings } from "../model/notification.ts";
import { openMailer } from "./mailer.ts";

const directory = mkdtempSync(join(tmpdir(), "keelson-mail-"));
after(() => rmSync(directory, { recursive: true, force: true }));
const mailer = openMailer();
const mail = {
  subject: "[lb1] VRRP Instance VI_1 - Entering MASTER state",
  text: "=> VRRP Instance is now owning VRRP VIPs <=\n\nCause: no adverts\n",
  atMs: Date.UTC(2026, 0, 2, 3, 4, 5),
};

/** A certificate for 127.0.0.1 that signs itself. */
function certificate(): { readonly key: string; readonly cert: string; readonly path: string } {
  const key = join(directory, "key.pem");
  const path = join(directory, "cert.pem");
  execFileSync(
    "openssl",
    [
      ..."req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2".split(" "),
      ...["-subj", "/CN=relay", "-addext", "subjectAltName=IP:127.0.0.1"],
      ...["-keyout", key, "-out", path],
    ],
    { stdio: "ignore" },
  );
  return { key: readFileSync(key, "utf8"), cert: readFileSync(path, "utf8"), path };
}

interface Relay {
  readonly settings: MailSettings;
  /** What was said and taken, one line each. */
  readonly heard: string[];
  text: string;
}

/** A mail server on a port of its own, and the settings that lead to it. */
async function relay(t: TestContext, options: SMTPServerOptions = {}): Promise<Relay> {
  const heard: string[] = [];
  const server = new SMTPServer({
    authOptional: true,
    disableReverseLookup: true,
    logger: false,
    onMailFrom: ({ address }, session, done) => {
      heard.push(`helo ${session.hostNameAppearsAs}, ${session.secure ? "TLS" : "plain"}`);
      heard.push(`from ${address}`);
      done();
    },
    onRcptTo: ({ address }, _session, done) => {
      heard.push(`to ${address}`);
      done();
    },
    onAuth: ({ username, password }, _session, done) => {
      heard.push(`login ${username} ${password}`);
      if (password === "right horse") done(null, { user: username });
      else done(new Error("wrong password"));
    },
    onData: (stream, _session, done) => {
      stream.on("data", (chunk: Buffer) => {
        found.text += chunk.toString("utf8");
      });
      stream.on("end", () => done(null, "queued as 1234"));
    },
    ...options,
  });
  // Clients that break off a handshake are part of these tests.
  server.on("error", () => undefined);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  t.after(() => new Promise<void>((resolve) => server.close(() => resolve())));
  const address = server.server.address();
  assert.ok(typeof address === "object" && address !== null);
  const settings: MailSettings = {
    server: { host: "127.0.0.1", port: address.port },
    from: "keepalived@lb1.example.org",
    to: ["ops@example.org", "night@example.org"],
    heloName: "lb1.example.org",
    connectTimeoutMs: 20_000,
    alerts: {},
    faults: true,
    eachCheck: true,
  };
  const found: Relay = { settings, heard, text: "" };
  return found;
}

test("a mail goes to all recipients, with the date of the event and keepalived's subject", async (t) => {
  const { settings, ...found } = await relay(t, { hideSTARTTLS: true });
  const outcome = await mailer.send(mail, settings);
  assert.deepEqual([outcome.ok, outcome.again], [true, false]);
  assert.match(outcome.text, /queued as 1234/);
  assert.deepEqual(found.heard, [
    "helo lb1.example.org, plain",
    "from keepalived@lb1.example.org",
    "to ops@example.org",
    "to night@example.org",
  ]);
});

test("the text arrives with the headers that programs look at", async (t) => {
  const found = await relay(t, { hideSTARTTLS: true });
  await mailer.send(mail, found.settings);
  const text = found.text.replaceAll("\r\n", "\n");
  assert.match(text, /^Subject: \[lb1\] VRRP Instance VI_1 - Entering MASTER state$/m);
  assert.match(text, /^Date: Fri, 02 Jan 2026 03:04:05 \+0000$/m);
  assert.match(text, /^To: ops@example\.org, night@example\.org$/m);
  assert.match(text, /^=> VRRP Instance is now owning VRRP VIPs <=$/m);
  assert.match(text, /^Auto-Submitted: auto-generated$/m);
});

test("TLS is used when it is offered, whoever has signed the certificate", async (t) => {
  const { key, cert } = certificate();
  const found = await relay(t, { key, cert });
  assert.equal((await mailer.send(mail, found.settings)).ok, true);
  assert.equal(found.heard[0], "helo lb1.example.org, TLS");
});

test("smtp_tls none stays plain although TLS is offered", async (t) => {
  const { key, cert } = certificate();
  const found = await relay(t, { key, cert });
  await mailer.send(mail, { ...found.settings, tls: { mode: "none" } });
  assert.equal(found.heard[0], "helo lb1.example.org, plain");
});

test("smtp_tls require wants STARTTLS, and a certificate that is trusted", async (t) => {
  const { key, cert, path } = certificate();
  const plain = await relay(t, { hideSTARTTLS: true });
  const without = await mailer.send(mail, { ...plain.settings, tls: { mode: "require" } });
  assert.deepEqual([without.ok, plain.heard], [false, []]);
  const found = await relay(t, { key, cert });
  const unknown = await mailer.send(mail, { ...found.settings, tls: { mode: "require" } });
  assert.deepEqual([unknown.ok, unknown.again, found.heard], [false, true, []]);
  const tls = { mode: "require", authorities: path } as const;
  assert.equal((await mailer.send(mail, { ...found.settings, tls })).ok, true);
  assert.equal(found.heard[0], "helo lb1.example.org, TLS");
});

test("smtp_tls tls begins with TLS", async (t) => {
  const { key, cert, path } = certificate();
  const found = await relay(t, { key, cert, secure: true });
  const tls = { mode: "tls", authorities: path } as const;
  assert.equal((await mailer.send(mail, { ...found.settings, tls })).ok, true);
});

test("a login stands in the configuration or in a file, and never goes out in plain by itself", async (t) => {
  const { key, cert, path } = certificate();
  const file = join(directory, "password");
  writeFileSync(file, "right horse\n");
  const found = await relay(t, { key, cert });
  const tls = { mode: "require", authorities: path } as const;
  for (const password of ["right horse", `file:${file}`]) {
    found.heard.length = 0;
    const login = { user: "lb1", password };
    assert.equal((await mailer.send(mail, { ...found.settings, tls, login })).ok, true);
    assert.equal(found.heard[0], "login lb1 right horse");
  }
  const plain = await relay(t, { hideSTARTTLS: true, allowInsecureAuth: true });
  const login = { user: "lb1", password: "right horse" };
  assert.equal((await mailer.send(mail, { ...plain.settings, login })).ok, false);
  assert.deepEqual(plain.heard, []);
  const open = { mode: "none" } as const;
  assert.equal((await mailer.send(mail, { ...plain.settings, login, tls: open })).ok, true);
});

test("a login that is refused may work later, and its password is in no text", async (t) => {
  const found = await relay(t, { hideSTARTTLS: true, allowInsecureAuth: true });
  const login = { user: "lb1", password: "wrong" };
  const outcome = await mailer.send(mail, { ...found.settings, login, tls: { mode: "none" } });
  assert.deepEqual([outcome.ok, outcome.again], [false, true]);
  assert.doesNotMatch(outcome.text, /wrong(?! password)/);
});

test("a relay that refuses for good is not asked again, one that asks for patience is", async (t) => {
  const answer = (responseCode: number): SMTPServerOptions => ({
    hideSTARTTLS: true,
    onMailFrom: (_address, _session, done) =>
      done(Object.assign(new Error("not from you"), { responseCode })),
  });
  const never = await relay(t, answer(550));
  assert.equal((await mailer.send(mail, never.settings)).again, false);
  const later = await relay(t, answer(451));
  assert.equal((await mailer.send(mail, later.settings)).again, true);
});

test("a relay that is not there is asked again", async () => {
  const taken = createServer();
  await new Promise<void>((resolve) => taken.listen(0, "127.0.0.1", resolve));
  const address = taken.address();
  assert.ok(typeof address === "object" && address !== null);
  await new Promise<void>((resolve) => taken.close(() => resolve()));
  const outcome = await mailer.send(mail, {
    server: { host: "127.0.0.1", port: address.port },
    to: ["ops@example.org"],
    connectTimeoutMs: 20_000,
    alerts: {},
    faults: true,
    eachCheck: true,
  });
  assert.deepEqual([outcome.ok, outcome.again], [false, true]);
  assert.match(outcome.text, /ECONNREFUSED/);
});
