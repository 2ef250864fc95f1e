import assert from "node:assert/strict";
import { test } from "node:test";
import { type BalancerSettings, defaultBalancerSettings } from "../../model/balancer-settings.ts";
import { decodeSettings, encodeSettings, settingFlags } from "../../wire/maps/settings-record.ts";
import { recordOfSettings, settingsOfRecord } from "./settings.ts";

/** Seconds a unit of the clock at each rate that a kernel may have. */
const units = [100, 250, 300, 1000].map((rate) => 2 ** Math.floor(Math.log2(rate / 2)) / rate);

test("every setting comes back as it was set, on every kernel's clock", () => {
  const other: BalancerSettings = {
    tcpEstablishedTimeoutS: 1,
    tcpFinTimeoutS: 31,
    udpTimeoutS: 86_401,
    expireNodestConnections: true,
    expireQuiescentTemplates: true,
    connectionReuseMode: 3,
    sloppyTcp: true,
    sloppySctp: true,
    cacheBypass: true,
    natIcmpSend: true,
    scheduleIcmp: true,
    pathMtuDiscovery: false,
    backupOnly: true,
    lblcExpirationS: 61,
    lblcrExpirationS: 62,
    syncThreshold: 2,
    syncPeriod: 7,
    syncRefreshPeriodS: 11,
    syncRetries: 3,
    syncPersistMode: true,
  };
  for (const unitS of units)
    for (const settings of [defaultBalancerSettings, other]) {
      const bytes = encodeSettings(recordOfSettings(settings, unitS, 0));
      assert.deepEqual(settingsOfRecord(decodeSettings(bytes), unitS), settings);
    }
});

test("a change of settings leaves sync daemons running", () => {
  const { copying, receiving } = settingFlags;
  const { flags } = recordOfSettings(defaultBalancerSettings, 0.256, copying | receiving | 1);
  assert.equal(flags, copying | receiving | settingFlags.pathMtu);
});
