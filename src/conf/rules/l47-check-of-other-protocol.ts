// L47: plain HTTP to the port of HTTPS, and the other way round.

import { spanAt } from "../keepalived/reading.ts";
import { settingOf } from "../keepalived/section.ts";
import type { Span } from "../text/diagnostic.ts";
import { virtualServerCheckedBy } from "./example-texts.ts";
import type { Configuration, Report, Rule } from "./rule.ts";
import { eachCheck, httpChecks, nameSpan, type WrittenCheck } from "./written-virtual-servers.ts";

const page = "{\n    url {\n        path /health\n    }\n}";

export const checkOfOtherProtocol: Rule = {
  id: "L47",
  name: "check-of-other-protocol",
  severity: "warning",
  scope: "file",
  check,
  title: "an HTTP_GET asks port 443, or an SSL_GET port 80",
  explanation: [
    "`HTTP_GET` speaks plain HTTP, `SSL_GET` begins with a TLS handshake. At port 443 servers expect the handshake: they",
    "close a plain connection or answer 400, and the check fails for ever, unless `status_code 400` makes it say yes to",
    "any server that is up to nothing. At port 80 nobody answers a handshake.",
    "",
    "Use `SSL_GET` for HTTPS, or name the port that speaks what the check speaks with `connect_port`.",
  ].join("\n"),
  bad: [
    virtualServerCheckedBy(`HTTP_GET ${page}`).replaceAll(" 80 {", " 443 {"),
    virtualServerCheckedBy(`SSL_GET ${page}`),
  ],
  good: [
    virtualServerCheckedBy(`SSL_GET ${page}`).replaceAll(" 80 {", " 443 {"),
    virtualServerCheckedBy(`HTTP_GET ${page}`),
  ],
  sources: ["https://www.keepalived.org/manpage.html"],
};

function check(configuration: Configuration, report: Report): void {
  eachCheck(configuration, httpChecks, (check) => {
    const { keyword, setting } = check;
    const plain = keyword === "HTTP_GET";
    const { port, span } = portOf(check);
    if (port !== (plain ? 443 : 80)) return;
    report(spanAt(setting.line, 0), {
      message: `${keyword} speaks ${plain ? "plain HTTP" : "TLS"} to port ${port}`,
      related: [{ span, label: plain ? "the port of HTTPS" : "the port of plain HTTP" }],
      effect: "servers that follow the custom do not answer it as it wants: the check fails",
      fix: plain ? "use SSL_GET" : "use HTTP_GET, or `connect_port 443`",
    });
  });
}

/** The port that a check connects to, and where it is written. */
function portOf(check: WrittenCheck): { readonly port: unknown; readonly span: Span } {
  const { section, real, server } = check;
  const own = settingOf(section, "connect_port");
  if (own !== undefined) return { port: own.values[0], span: spanAt(own.line, 1) };
  if (real.port !== 0) return { port: real.port, span: spanAt(real.setting.line, 2) };
  const { key } = server;
  return { port: key.kind === "address" ? key.port : 0, span: nameSpan(server) };
}
