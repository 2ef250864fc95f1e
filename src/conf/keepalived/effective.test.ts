import assert from "node:assert/strict";
import { test } from "node:test";
import { loadConfiguration } from "../load-configuration.ts";
import { type EffectiveBlock, effectiveSettings } from "./effective.ts";

const text = `global_defs {
    vrrp_garp_master_delay 7
    smtp_alert_checker on
}
vrrp_instance A {
    interface eth0
    virtual_router_id 5
    priority 300
    virtual_ipaddress {
        10.0.0.1/24 dev eth0
    }
}
virtual_server 10.0.0.1 80 {
    delay_loop 6
    lb_kind DR
    protocol TCP
    real_server 10.0.0.2 80 {
        weight 3
        TCP_CHECK {
            connect_timeout 2
        }
    }
}
`;

function show(): EffectiveBlock {
  const { configuration } = loadConfiguration({
    path: "k.conf",
    readFile: () => ({ ok: true, value: text }),
  });
  assert.ok(configuration !== undefined);
  return effectiveSettings(configuration);
}

/** `value (origin)` of a keyword in the block that a path of keywords leads to. */
function told(keyword: string, ...path: readonly string[]): string {
  let block: EffectiveBlock | undefined = show();
  for (const name of path) block = block?.blocks.find((inner) => inner.keyword === name);
  const setting = block?.settings.find((candidate) => candidate.keyword === keyword);
  if (setting === undefined) return "not told";
  const { origin } = setting;
  const place = "span" in origin ? ` ${origin.span.line}` : "";
  const from = origin.kind === "inherited" ? ` from ${origin.from}` : "";
  return `${setting.text} (${origin.kind}${from}${place})`;
}

test("a value comes from its line, from global_defs, from the blocks around, or by default", () => {
  assert.equal(told("interface", "vrrp_instance"), "eth0 (line 6)");
  assert.equal(told("advert_int", "vrrp_instance"), "1 (default)");
  assert.equal(told("garp_master_delay", "vrrp_instance"), "7 (inherited from global_defs 2)");
  assert.equal(told("garp_master_repeat", "vrrp_instance"), "5 (default)");
  assert.equal(told("nopreempt", "vrrp_instance"), " (unset)");
  const check = ["virtual_server", "real_server", "TCP_CHECK"];
  assert.equal(told("delay_loop", ...check), "6 (inherited from virtual_server 14)");
  assert.equal(told("connect_timeout", ...check), "2 (line 20)");
  assert.equal(told("retry", ...check), "1 (default)");
  assert.equal(
    told("lvs_method", "virtual_server", "real_server"),
    "DR (inherited from virtual_server 15)",
  );
  assert.equal(told("smtp_alert", "virtual_server"), "on (inherited from global_defs 3)");
});

test("a value that cannot be used gives way to what counts", () => {
  assert.equal(told("priority", "vrrp_instance"), "100 (default)");
});

test("lines of a block stand as they are written, and global_defs stands first", () => {
  const root = show();
  assert.equal(root.blocks[0]?.keyword, "global_defs");
  const instance = root.blocks.find(({ keyword }) => keyword === "vrrp_instance");
  assert.equal(instance?.name, "A");
  const addresses = instance?.blocks.find(({ keyword }) => keyword === "virtual_ipaddress");
  assert.deepEqual(
    addresses?.lines.map((line) => line.text),
    ["10.0.0.1/24 dev eth0"],
  );
});
