// Loaded before a test file: puts the mutant that MUTANT names in the machine's place.

import { register } from "node:module";
import { VRRP_MUTANTS } from "./vrrp-mutants.ts";

register("../simulation/scene/machine-hook.js", import.meta.url);
const { replaceMachine } = await import("../simulation/scene/watched-step.ts");
const { replaceValidation } = await import("../simulation/scene/watched-validation.ts");
const mutant = VRRP_MUTANTS.find(({ name }) => name === process.env["MUTANT"]);
if (mutant === undefined) throw new Error(`no mutant ${process.env["MUTANT"]}`);
replaceMachine(mutant.machine);
replaceValidation(mutant.validation);
