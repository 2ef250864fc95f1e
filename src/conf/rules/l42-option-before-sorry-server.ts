// L42: options of a sorry server that does not exist, or not yet.

import { spanAt } from "../keepalived/reading.ts";
import { keywordOf, type Setting } from "../keepalived/section.ts";
import { virtualServerWith } from "./example-texts.ts";
import type { Configuration, Report, Rule } from "./rule.ts";
import { writtenVirtualServers } from "./written-virtual-servers.ts";

export const optionBeforeSorryServer: Rule = {
  id: "L42",
  name: "option-before-sorry-server",
  severity: "error",
  scope: "file",
  check,
  title: "an option of the sorry server stands before it, or without it",
  explanation: [
    "`sorry_server_inhibit` and `sorry_server_lvs_method` belong to the `sorry_server` above them. keepalived reads from",
    "top to bottom, and ignores them where there is none so far. Keelson does the same.",
    "",
    "Put them below `sorry_server`, or remove them.",
  ].join("\n"),
  bad: [
    virtualServerWith("sorry_server_inhibit"),
    virtualServerWith("sorry_server_inhibit\nsorry_server 198.51.100.9 80"),
  ],
  good: [virtualServerWith("sorry_server 198.51.100.9 80\nsorry_server_inhibit")],
  sources: ["https://www.keepalived.org/manpage.html"],
};

const stock: Readonly<Record<string, string>> = {
  sorry_server_inhibit: "Ignoring sorry_server inhibit used before or without sorry_server",
  sorry_server_lvs_method: "sorry_server forwarding used without sorry_server",
};

function check(configuration: Configuration, report: Report): void {
  for (const server of writtenVirtualServers(configuration)) {
    const { settings } = server;
    if (!settings.has("sorry_server_inhibit") && !settings.has("sorry_server_lvs_method")) continue;
    let sorry: Setting | undefined;
    for (const setting of server.section.settings) {
      const keyword = keywordOf(setting);
      if (keyword === "sorry_server") sorry = setting;
      const said = stock[keyword];
      if (said === undefined || sorry !== undefined) continue;
      const later = settings.get("sorry_server");
      report(spanAt(setting.line, 0), {
        message: "there is no `sorry_server` above to which this belongs",
        ...(later === undefined
          ? {}
          : { related: [{ span: spanAt(later.line, 0), label: "stands below" }] }),
        effect: "it is ignored, as with keepalived",
        fix: later === undefined ? "remove it" : "put it below `sorry_server`",
        stock: said,
      });
    }
  }
}
