// Pieces of configurations for the examples of rules: complete, so that nothing but the example's own mistake is found.

/** An instance that works, with more lines in it. */
export function instanceWith(lines: string, name = "VI_1", virtualRouterId = 17): string {
  return `vrrp_instance ${name} {
    state BACKUP
    interface eth0
    virtual_router_id ${virtualRouterId}
    priority 100
    virtual_ipaddress {
        192.0.2.${virtualRouterId}/24
    }
${indented(lines)}}
`;
}

/** An instance that tracks a script, and the script with these lines in it. */
export function scriptWith(lines: string): string {
  return `${securedScripts}
vrrp_script chk {
${indented(lines)}}

${instanceWith("track_script {\n    chk\n}")}`;
}

/** The two lines without which scripts are worth a warning. */
export const securedScripts = `global_defs {
    script_user root
    enable_script_security
}
`;

/** A virtual server that works, with more lines in it. */
export function virtualServerWith(lines: string): string {
  return `${instanceWith("")}
virtual_server 192.0.2.17 80 {
    lb_algo rr
    lb_kind NAT
    protocol TCP
    delay_loop 6
    alpha
${indented(lines)}    real_server 198.51.100.1 80 {
        weight 1
        TCP_CHECK {
            connect_timeout 3
        }
    }
}
`;
}

function indented(lines: string): string {
  if (lines === "") return "";
  return `${lines
    .trimEnd()
    .split("\n")
    .map((line) => (line === "" ? "" : `    ${line}`))
    .join("\n")}\n`;
}

/** A virtual server that works, whose check is this block. */
export function virtualServerCheckedBy(check: string): string {
  const old = "        TCP_CHECK {\n            connect_timeout 3\n        }\n";
  return virtualServerWith("").replace(old, indented(indented(check)));
}

/** A virtual server that works, whose check is an HTTP_GET with these lines in its `url`. */
export function httpCheckWith(lines: string): string {
  return virtualServerCheckedBy(
    `HTTP_GET {\n    url {\n${indented(indented(lines))}    }\n    connect_timeout 3\n}`,
  );
}
