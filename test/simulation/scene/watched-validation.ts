// Stands in the place of `validate-advert.ts`, as `watched-step.ts` does in the place of the machine.

import { validateAdvert as validation } from "../../../src/vrrp/validate-advert.ts";

export type Validation = typeof validation;

let current: Validation = validation;

/** Puts a mutant in the place of the validation, until it is called with `undefined`. */
export function replaceValidation(
  mutant: ((validation: Validation) => Validation) | undefined,
): void {
  current = mutant === undefined ? validation : mutant(validation);
}

/** The validation as the engine calls it. */
export function validateAdvert(...call: Parameters<Validation>): ReturnType<Validation> {
  return current(...call);
}
