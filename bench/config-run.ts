// One run of the configuration benchmark, in a process of its own: a file is read, judged by all rules, and compared with
// itself as a reload would do it.

import * as fs from "node:fs";
import { loadConfiguration } from "../src/conf/load-configuration.ts";
import { fileReader } from "../src/conf/text/read-files.ts";
import { planReload } from "../src/plan/plan-reload.ts";

const path = process.argv[2] ?? "";
const { model, diagnostics } = loadConfiguration({ ...fileReader(fs), path });
if (model === undefined) throw new Error(`${path} cannot be run`);
const steps = planReload(model, model);
const errors = diagnostics.filter(({ severity }) => severity === "error");
console.log(
  JSON.stringify({
    virtualServers: model.virtualServers.length,
    errors: errors.length,
    steps: steps.length,
  }),
);
