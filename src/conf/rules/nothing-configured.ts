// A file that asks for nothing.

import type { Lowering } from "../keepalived/lower/lowering.ts";
import type { Span } from "../text/diagnostic.ts";

/** Reports a configuration without instance and virtual server. */
export function checkNothingConfigured(empty: boolean, span: Span, lowering: Lowering): void {
  if (!empty) return;
  lowering.report(span, {
    severity: "warning",
    code: "nothing-configured",
    message: "there is neither a vrrp_instance nor a virtual_server",
    effect: "the daemon runs and does nothing",
  });
}
