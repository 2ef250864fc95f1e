// Small files that stand for much, and large ones: none may take long, or much memory.

// biome-ignore-all lint/suspicious/noTemplateCurlyInString: parameters of the language.

const instance = `vrrp_instance VI_1 {
    interface eth0
    virtual_router_id 1
    virtual_ipaddress {
        192.0.2.1/24
    }
}
`;

function times(count: number, text: (i: number) => string): string {
  return Array.from({ length: count }, (_, i) => text(i)).join("");
}

const server = (address: string): string =>
  `virtual_server ${address} 80 {\nprotocol TCP\nreal_server 192.0.2.101 80 {\nTCP_CHECK {\n}\n}\n}\n`;
const ip = (i: number): string => `10.${i >> 16}.${(i >> 8) & 255}.${i & 255}`;

/** Texts by what is hostile about them. */
export const hostileFiles: Readonly<Record<string, string | Uint8Array>> = {
  "a parameter that is itself": "$IF=$IF\nvrrp_instance a {\ninterface $IF\n}\n",
  "two parameters that are each other": "$A=$B\n$B=$A\n$A\nrouter_id ${B}\n",
  "a parameter that grows": "$A=x $A $A\nglobal_defs {\nrouter_id $A\n}\n",
  "parameters that double sixty times": `$A0=x\n${times(60, (i) => `$A${i + 1}=\${A${i}} \${A${i}}\n`)}global_defs {\nrouter_id \${A60}\n}\n`,
  "a sequence of a thousand million": "~SEQ(x, 1000000000) vrrp_instance VI_$x {\n}\n",
  "three sequences of 255":
    "vrrp_instance a {\nvirtual_ipaddress {\n~SEQ(a, 1, 255) ~SEQ(b, 1, 255) ~SEQ(c, 1, 255) 10.$a.$b.$c\n}\n}\n",
  "sequences without end":
    "~SEQ(x, 1, 0, 5) a $x\n~SEQ(x, 99999999999999999999) b\n~SEQx(x, ffff) c\n",
  "a list of fifty thousand": `~LST(a, ${"v, ".repeat(50_000)}x) foo $a\n`,
  "an include of itself": "include hostile.conf\n",
  "includes of devices": "include /dev/zero\ninclude /dev/random\ninclude .\n",
  "braces in an include": `include ${"{a,b}".repeat(40)}\ninclude ${"{a,".repeat(2000)}${"}".repeat(2000)}\n`,
  "stars in an include": `include ${"*/".repeat(200)}x\ninclude ${"[a-z]*".repeat(40)}x\n`,
  "a line of a megabyte": `global_defs {\nrouter_id ${"x".repeat(1 << 20)}\n}\n${instance}`,
  "a line of half a million words": `global_defs {\nrouter_id ${"x ".repeat(1 << 19)}\n}\n${instance}`,
  "a quote that nothing closes": `global_defs {\nrouter_id "${"x ".repeat(1 << 19)}\n}\n${instance}`,
  "a block on one line with fifty thousand keywords": `vrrp_instance VI { ${"priority 100 ".repeat(50_000)}}\n`,
  "a hundred thousand open braces": "{".repeat(100_000),
  "a hundred thousand closing braces": "}".repeat(100_000),
  "a hundred thousand nested blocks": "vrrp_instance a {\n".repeat(100_000),
  "zero bytes": `vrrp_instance a {\0\ninterface e\0th0\n}\n${"\0".repeat(100_000)}`,
  "any bytes": Uint8Array.from({ length: 300_000 }, (_, i) => (i * 7919 + i * i) & 255),
  "fifty thousand typos": `global_defs {\n${times(50_000, (i) => `vrrp_garp_mastr_delay ${i}\n`)}}\n`,
  "fifty thousand comments that put findings aside":
    "# keelson-disable-next-line V14 reason\nfoo\n".repeat(50_000),
  "fifty thousand marks of templates": "{{ x }} {% y %}\n".repeat(50_000),
  "ten thousand instances": times(
    10_000,
    (i) =>
      `vrrp_instance VI_${i} {\ninterface eth${i >> 7}\nvirtual_router_id ${(i % 255) + 1}\nvirtual_ipaddress {\n${ip(i)}/24\n}\n}\n`,
  ),
  "fifty thousand addresses": `vrrp_instance VI {\ninterface eth0\nvirtual_router_id 1\nvirtual_ipaddress {\n${times(50_000, (i) => `${ip(i)}/24\n`)}}\n}\n`,
  "ten thousand virtual servers for one address": server("192.0.2.1").repeat(10_000),
  "fifty thousand real servers": `virtual_server 192.0.2.1 80 {\nprotocol TCP\n${times(50_000, (i) => `real_server ${ip(i)} 80 {\n}\n`)}}\n`,
  "twenty thousand scripts, all tracked": `${times(20_000, (i) => `vrrp_script c${i} {\nscript "/bin/x"\n}\n`)}vrrp_instance VI {\ninterface eth0\nvirtual_router_id 1\ntrack_script {\n${times(20_000, (i) => `c${i}\n`)}}\n}\n`,
  "twenty thousand tracked names of which none is right": `${times(20_000, (i) => `vrrp_script c${i} {\nscript "/bin/x"\n}\n`)}vrrp_instance VI {\ninterface eth0\nvirtual_router_id 1\ntrack_script {\n${times(20_000, (i) => `cc${i}\n`)}}\n}\n`,
  "five thousand sync groups": `${times(5000, (i) => `vrrp_sync_group G${i} {\ngroup {\nVI_${i} VI_${i + 1}\n}\n}\n`)}${times(5000, (i) => `vrrp_instance VI_${i} {\ninterface eth${i >> 7}\nvirtual_router_id ${(i % 255) + 1}\n}\n`)}`,
  "fifty thousand definitions": `${times(50_000, (i) => `$A${i}=${i}\n`)}global_defs {\n${times(50_000, (i) => `router_id $A${i}\n`)}}\n`,
  "old line ends": instance.repeat(3000).replaceAll("\n", "\r"),
  "a name of a hundred thousand letters": `vrrp_instance ${"x".repeat(100_000)} {\n}\n${"y".repeat(100_000)} 5\n`,
};
