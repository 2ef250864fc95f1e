import assert from "node:assert/strict";
import { test } from "node:test";
import { refusalAdvice, refusalText } from "./attach-advice.ts";

test("a refusal names the card and the error, and the advice the remedy", () => {
  const busy = { link: "ens4", error: 16 };
  assert.equal(refusalText(busy), "ens4 refuses XDP in its driver: EBUSY");
  assert.match(refusalAdvice(busy), /^attached with tc, .*`ip link set ens4 xdp off` removes it$/);
  assert.match(refusalAdvice({ link: "ens4", error: 95 }), /no XDP/);
});

test("an error without a known remedy is told without one", () => {
  assert.equal(
    refusalAdvice({ link: "ens4", error: 5 }),
    "attached with tc, which carries fewer packets",
  );
});

test("a card that was not asked because of VLANs is told how to be", () => {
  const untried = { link: "ens4" };
  assert.match(refusalText(untried), /VLANs/);
  assert.match(refusalAdvice(untried), /`ethtool -K ens4 rxvlan off`, `lb_attach native`/);
});
