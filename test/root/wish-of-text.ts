// What the VRRP process is told for a keepalived.conf, and one of ours told so.

import assert from "node:assert/strict";
import { ok } from "../../src/base/result.ts";
import { loadConfiguration } from "../../src/conf/load-configuration.ts";
import type { Host } from "../../src/lab/host.ts";
import type { VrrpWish } from "../../src/model/vrrp-wish.ts";
import { vrrpWish } from "../../src/plan/vrrp-wish.ts";
import { KeelsonRouter } from "./vrrp-lab.ts";

/** The wish; `names` as iproute2's files would say them. */
export function wishOfText(text: string, tables: Readonly<Record<string, number>> = {}): VrrpWish {
  const { model, diagnostics } = loadConfiguration({
    path: "keepalived.conf",
    readFile: () => ok(text),
  });
  assert.ok(model, diagnostics.map(({ message }) => message).join("; "));
  return vrrpWish(model, { table: tables });
}

let requests = 1_000_000;

/** Our VRRP process on a host, told what a configuration says. */
export async function startKeelson(host: Host, text: string): Promise<KeelsonRouter> {
  const router = await KeelsonRouter.start(host, []);
  await tell(router, text);
  return router;
}

/** Tells a running process another configuration. */
export async function tell(router: KeelsonRouter, text: string): Promise<void> {
  const requestId = ++requests;
  router.send({ kind: "configure", requestId, wish: wishOfText(text) });
  await router.until(
    () => router.messages.find((one) => one.kind === "configured" && one.requestId === requestId),
    "an answer to configure",
  );
}
