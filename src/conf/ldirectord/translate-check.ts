// The check of one real server in keepalived's words.

import { parseIpAddress } from "../../base/address.ts";
import { isWritable } from "../convert/keepalived-writer.ts";
import type { Span } from "../text/diagnostic.ts";
import type { DirectiveName, RealLine } from "./configuration.ts";
import { settingOf, settingValue } from "./configuration.ts";
import type { ServiceName } from "./services.ts";
import type { VirtualTranslation } from "./virtual-translation.ts";
import { checkPortOf } from "./wishes.ts";

/** One real server while its check is written. */
export interface CheckedServer {
  /** A name where the address is not known. */
  readonly address: string;
  readonly line: RealLine;
  /** Its line. */
  readonly span: Span;
  /** Where its packets go. */
  readonly port: number;
}

/** Services of which keepalived.conf can only say that somebody listens. */
const datagramServices: ReadonlySet<ServiceName> = new Set<ServiceName>(["radius"]);

/** Writes the check that the virtual server asks for; nothing where servers are not checked. */
export function translateCheck(server: CheckedServer, virtual: VirtualTranslation): void {
  const { wish } = virtual;
  switch (wish.checkType.kind) {
    case "on":
    case "off":
      return;
    case "connect":
      if (wish.protocol === "udp") writePing(server, virtual);
      else writeConnect(server, virtual, "checkTimeoutS");
      return;
    case "ping":
      writePing(server, virtual);
      return;
    case "external":
      writeExternal(server, virtual);
      return;
    case "external-perl":
      virtual.note(spanOf("checktype", server, virtual), {
        what: "checktype=external-perl",
        missing: "a program in Perl cannot be called from here: the servers are not checked",
      });
      return;
    case "combined":
      virtual.note(spanOf("checktype", server, virtual), {
        what: `checktype=${wish.checkType.negotiateEvery}`,
        missing: "every check is a negotiation, none a mere connection",
      });
      writeNegotiate(server, virtual);
      return;
    case "negotiate":
      writeNegotiate(server, virtual);
  }
}

function writeNegotiate(server: CheckedServer, virtual: VirtualTranslation): void {
  const { wish } = virtual;
  if (wish.unknownService) {
    writeConnect(server, virtual, "negotiateTimeoutS");
    return;
  }
  switch (wish.service) {
    case "none":
      return;
    case "http":
    case "https":
      writeHttp(server, virtual);
      return;
    case "smtp":
    case "submission":
      writeSimple("SMTP_CHECK", server, virtual, "negotiateTimeoutS");
      return;
    case "dns":
      writeDns(server, virtual);
      return;
    default:
      noteStandIn(server, virtual);
      if (datagramServices.has(wish.service) || wish.protocol === "udp")
        writeSimple("UDP_CHECK", server, virtual, "negotiateTimeoutS");
      else writeConnect(server, virtual, "negotiateTimeoutS");
  }
}

/** A check that is weaker than the one that is asked for, and never stricter. */
function noteStandIn(server: CheckedServer, virtual: VirtualTranslation): void {
  const { service } = virtual.wish;
  virtual.note(spanOf("service", server, virtual), {
    what: `service=${service}`,
    missing: "only a connection is tried, nothing is asked",
  });
}

function writeConnect(server: CheckedServer, virtual: VirtualTranslation, timeout: Timeout): void {
  writeSimple("TCP_CHECK", server, virtual, timeout);
}

function writePing(server: CheckedServer, virtual: VirtualTranslation): void {
  const { writer } = virtual;
  const span = spanOf("checktype", server, virtual);
  writer.block(span, ["PING_CHECK"], () => writeTiming(span, "checkTimeoutS", virtual));
}

/** A check that needs no more than where to connect. */
function writeSimple(
  keyword: string,
  server: CheckedServer,
  virtual: VirtualTranslation,
  timeout: Timeout,
  more: (span: Span) => void = () => {},
): void {
  const span = spanOf("service", server, virtual);
  const port = checkPortOf(virtual.wish, server.line.port);
  if (port === undefined) {
    virtual.report(server.span, "D18", {
      severity: "error",
      message: "nothing says at which port this server is checked",
      effect: "it is not checked, and gets clients even when it is dead",
      fix: "add `checkport`, or write the port of the real server",
    });
    return;
  }
  virtual.writer.block(span, [keyword], () => {
    writePort(span, port, server, virtual);
    writeTiming(span, timeout, virtual);
    more(span);
  });
}

function writePort(
  span: Span,
  port: number,
  server: CheckedServer,
  virtual: VirtualTranslation,
): void {
  const usual = server.port;
  const written = settingOf(virtual.wish.section.settings, "checkport")?.span ?? span;
  if (port !== usual) virtual.writer.line(written, "connect_port", port);
}

/** Which of the two times a check may take. */
type Timeout = "checkTimeoutS" | "negotiateTimeoutS";

function writeTiming(span: Span, timeout: Timeout, virtual: VirtualTranslation): void {
  const { writer, wish } = virtual;
  const { spans } = wish;
  const isDefault = spans[timeout] === wish.section.span;
  writer.line(isDefault ? span : spans[timeout], "connect_timeout", wish[timeout]);
  writeRetries(virtual);
}

function writeRetries({ writer, wish }: VirtualTranslation): void {
  const { failureCount, spans } = wish;
  writer.line(spans.failureCount, "retry", failureCount - 1);
  if (failureCount > 1)
    writer.line(spans.checkIntervalS, "delay_before_retry", wish.checkIntervalS);
}

function writeHttp(server: CheckedServer, virtual: VirtualTranslation): void {
  const { writer, wish } = virtual;
  const { settings } = wish.section;
  const keyword = wish.service === "https" ? "SSL_GET" : "HTTP_GET";
  const request = server.line.request ?? settingValue(settings, "request") ?? "/";
  const receive = server.line.receive ?? settingValue(settings, "receive");
  const own = server.line.request !== undefined;
  const requestSpan = own ? server.span : spanOf("request", server, virtual);
  const receiveSpan = own ? server.span : spanOf("receive", server, virtual);
  writeSimple(keyword, server, virtual, "negotiateTimeoutS", (span) => {
    writer.block(span, ["url"], () => {
      writer.line(requestSpan, "path", pathOf(request, requestSpan, virtual));
      const host = settingOf(settings, "virtualhost");
      if (host?.value !== undefined && host.value !== "")
        writer.line(host.span, "virtualhost", host.value);
      writer.line(span, "status_code", "200-299");
      if (receive !== undefined && receive !== "")
        writer.escapedLine(receiveSpan, "regex", withoutQuotes(receive));
    });
  });
}

/** The same expression with `\x22` for each quote, escaped or not. */
function withoutQuotes(expression: string): string {
  return expression.replaceAll(/\\[^"]|\\?"/gs, (part) => (part.endsWith('"') ? "\\x22" : part));
}

/** A request gets a `/` in front, whatever it is. */
function pathOf(request: string, span: Span, virtual: VirtualTranslation): string {
  const path = request.startsWith("/") ? request : `/${request}`;
  if (isWritable(path)) return path;
  virtual.note(span, {
    what: "request",
    missing: "its quote is written as %22",
  });
  return path.replaceAll('"', "%22");
}

function writeDns(server: CheckedServer, virtual: VirtualTranslation): void {
  const { writer, wish } = virtual;
  const request = server.line.request ?? settingValue(wish.section.settings, "request") ?? "";
  const name = request.replace(/^\//, "");
  const span = spanOf("request", server, virtual);
  const receive = server.line.receive ?? settingValue(wish.section.settings, "receive");
  // keepalived.conf has no type PTR, with which ldirectord asks for the name of an address.
  if (name === "" || !isWritable(name) || parseIpAddress(name).ok) {
    noteStandIn(server, virtual);
    if (wish.protocol === "tcp") writeConnect(server, virtual, "negotiateTimeoutS");
    else writeSimple("UDP_CHECK", server, virtual, "negotiateTimeoutS");
    return;
  }
  writeSimple("DNS_CHECK", server, virtual, "negotiateTimeoutS", () => {
    writer.line(span, "type", "A");
    writer.line(span, "name", name);
  });
  if (receive !== undefined && receive !== "")
    virtual.note(spanOf("receive", server, virtual), {
      what: "receive",
      missing: "any answer of a name server without an error is good",
    });
}

function writeExternal(server: CheckedServer, virtual: VirtualTranslation): void {
  const { writer, wish } = virtual;
  const { target } = wish.section;
  const span = spanOf("checkcommand", server, virtual);
  const command = settingValue(wish.section.settings, "checkcommand") ?? "/bin/true";
  const virtualWords = target?.kind === "fwmark" ? [`${target.fwmark}`, "0"] : virtual.addressWords;
  const line = [command, ...virtualWords, server.address, `${server.line.port}`].join(" ");
  if (!isWritable(line)) {
    virtual.note(span, {
      what: "checkcommand",
      missing: "a program with a quote in its name cannot be written: the servers are not checked",
    });
    return;
  }
  writer.block(span, ["MISC_CHECK"], () => {
    writer.line(span, "misc_path", line);
    writer.line(wish.spans.checkTimeoutS, "misc_timeout", wish.checkTimeoutS);
    writeRetries(virtual);
  });
}

/** Where a directive of the virtual server stands; without it the real server's line. */
function spanOf(name: DirectiveName, server: CheckedServer, virtual: VirtualTranslation): Span {
  return settingOf(virtual.wish.section.settings, name)?.span ?? server.span;
}
