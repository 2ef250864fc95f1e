// What is set for the whole balancer, over the life of one data plane.

import { type BalancerSettings, defaultBalancerSettings } from "../model/balancer-settings.ts";
import {
  describeSettings,
  differingSettings,
  pickSettings,
  settingKeywords,
} from "../plan/balancer-settings.ts";
import type { BalancerEngine } from "../world/engine.ts";

type SettingName = keyof BalancerSettings;

/** What came of a change: the settings that are others now, and those that were refused. */
export interface SettingsOutcome {
  /** `lvs_sloppy_tcp on`. */
  readonly changed: readonly string[];
  /** `lvs_cache_bypass on: the reason`. */
  readonly refused: readonly string[];
}

/**
 * A data plane of our own has what the configuration says, and the kernel's defaults else. The kernel's IPVS belongs
 * to the whole host: there only what is said is set, and goes back to what it was when it is no longer said.
 */
export class SettingsKeeper {
  readonly #engine: BalancerEngine;
  /** The kernel's values from before they were changed. */
  #before: Partial<BalancerSettings> = {};

  constructor(engine: BalancerEngine) {
    this.#engine = engine;
  }

  /** Brings the data plane in line with what is said. */
  async settle(said: Partial<BalancerSettings>): Promise<SettingsOutcome> {
    const found = await this.#engine.settings();
    if (!found.ok) {
      const refused = describeSettings(said).map((text) => `${text}: ${found.fault.text}`);
      return { changed: [], refused };
    }
    const wished =
      this.#engine.kind === "ipvs"
        ? { ...this.#before, ...said }
        : { ...defaultBalancerSettings, ...said };
    const changes = differingSettings(wished, found.value);
    const names = Object.keys(changes) as SettingName[];
    if (names.length === 0) return { changed: [], refused: [] };
    this.#before = { ...pickSettings(found.value, names), ...this.#before };
    const whole = await this.#engine.configure(changes);
    if (whole.ok) return { changed: describeSettings(changes), refused: [] };
    return this.#settleEach(changes, names);
  }

  /** One keyword after the other, so that one that is refused spoils no other. */
  async #settleEach(
    changes: Partial<BalancerSettings>,
    names: readonly SettingName[],
  ): Promise<SettingsOutcome> {
    const changed: string[] = [];
    const refused: string[] = [];
    for (const keyword of new Set(names.map((name) => settingKeywords[name]))) {
      const part = pickSettings(
        changes,
        names.filter((name) => settingKeywords[name] === keyword),
      );
      const result = await this.#engine.configure(part);
      const text = describeSettings(part).join(" ");
      if (result.ok) changed.push(text);
      else refused.push(`${text}: ${result.fault.text}`);
    }
    return { changed, refused };
  }
}
