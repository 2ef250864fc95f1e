// All scenes.

import type { Scene } from "./scene.ts";
import { election } from "./scenes-election.ts";
import { objects } from "./scenes-objects.ts";
import { trackers } from "./scenes-trackers.ts";
import { virtualMacs } from "./scenes-virtual-mac.ts";

export const scenes: readonly Scene[] = [...election, ...objects, ...virtualMacs, ...trackers];
