// L27: a TLS check that asks for a site by its name, but says the name only after the handshake.

import { parseIpAddress } from "../../base/address.ts";
import { spanAt } from "../keepalived/reading.ts";
import { type Section, type Setting, settingOf } from "../keepalived/section.ts";
import { virtualServerCheckedBy } from "./example-texts.ts";
import { insertLines } from "./propose-edits.ts";
import type { Configuration, Report, Rule } from "./rule.ts";
import { eachCheck } from "./written-virtual-servers.ts";

const tlsChecks: ReadonlySet<string> = new Set(["SSL_GET"]);

const sslGet = (lines: string): string =>
  virtualServerCheckedBy(
    `SSL_GET {\n${lines}    url {\n        path /health\n        virtualhost www.example.com\n    }\n}`,
  );

export const tlsCheckWithoutName: Rule = {
  id: "L27",
  name: "tls-check-without-name",
  severity: "warning",
  scope: "file",
  check,
  title: "an SSL_GET names a virtual host, but not in the handshake",
  explanation: [
    "A web server with several sites needs the name of the one that is meant during the TLS handshake (SNI), to choose",
    "its certificate. `virtualhost` alone puts the name into the request, which comes later: many servers close the",
    "handshake without a name, or answer 421, and the check fails although browsers are served.",
    "",
    "Add `enable_sni`. It is fine without where the server has one site only, or a default one that answers the check.",
  ].join("\n"),
  bad: [sslGet("")],
  good: [sslGet("    enable_sni\n")],
  sources: [
    "https://github.com/acassen/keepalived/issues/804",
    "https://github.com/acassen/keepalived/issues/2351",
  ],
};

function check(configuration: Configuration, report: Report): void {
  eachCheck(configuration, tlsChecks, ({ setting, section, real, server }) => {
    const sni = settingOf(section, "enable_sni") ?? settingOf(section, "sni_name");
    if (sni !== undefined && sni.values[0] !== false) return;
    const host =
      hostOf(section) ??
      settingOf(real.section, "virtualhost") ??
      server.settings.get("virtualhost");
    const name = host?.values[0];
    if (host === undefined || typeof name !== "string" || parseIpAddress(name).ok) return;
    report(spanAt(setting.line, 0), {
      message: `this SSL_GET asks for \`${name}\`, but not in the handshake`,
      related: [{ span: spanAt(host.line, 0), label: "goes into the request only" }],
      effect: "a server with several sites ends the handshake, or takes another certificate",
      fix: "add `enable_sni`",
      ...insertLines(configuration, setting, ["enable_sni"]),
    });
  });
}

/** The virtual host of a check: of one of its pages, or its own. */
function hostOf(check: Section): Setting | undefined {
  for (const { spec, section } of check.settings) {
    const host = spec.name === "url" && section && settingOf(section, "virtualhost");
    if (host) return host;
  }
  return settingOf(check, "virtualhost");
}
