// Loads the simulation with every step of the machine watched. Import nothing of it from elsewhere.

import { register } from "node:module";

register("./machine-hook.js", import.meta.url);

export const { playScene } = await import("./play-scene.ts");
export const { drawScene } = await import("./draw-scene.ts");
export const { shrinkScene } = await import("./shrink-scene.ts");
export const { replaceMachine, observeMachine } = await import("./watched-step.ts");
export const { replaceValidation } = await import("./watched-validation.ts");
