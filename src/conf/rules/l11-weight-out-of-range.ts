// L11: a weight that no data plane takes. The reader of values finds it.

import { virtualServerWith } from "./example-texts.ts";
import type { Rule } from "./rule.ts";

export const weightOutOfRange: Rule = {
  id: "L11",
  name: "weight-out-of-range",
  severity: "error",
  scope: "file",
  check: "reader",
  title: "a weight outside 0 to 65535",
  explanation: [
    "Weights say how the real servers of one virtual server share its connections; only their proportion counts. Tools",
    "for IPVS and Keelson's data plane take 0 to 65535. keepalived says nothing about a larger one.",
    "",
    "Divide all weights of the virtual server by the same number: 1 and 2 share like 50000 and 100000.",
  ].join("\n"),
  bad: [virtualServerWith("").replace("weight 1", "weight 70000")],
  good: [virtualServerWith("").replace("weight 1", "weight 65535")],
  sources: ["https://www.keepalived.org/manpage.html"],
};
