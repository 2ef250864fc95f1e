// The right to make network namespaces: root has it; anybody else gets it inside a user namespace
// of their own, where the kernel allows that.

import { spawn, spawnSync } from "node:child_process";

const mark = "KEELSON_LAB_USER_NAMESPACE";

export type Privileges =
  /** Root: go on. */
  | { readonly kind: "root" }
  /** This process already is the one inside the user namespace: go on. */
  | { readonly kind: "mapped" }
  /** The same program runs again inside; this process only waits for its exit status. */
  | { readonly kind: "entered"; readonly status: Promise<number> }
  /** Not possible here; the lines say why. */
  | { readonly kind: "refused"; readonly lines: readonly string[] };

function tryUnshare(options: readonly string[]): { readonly ok: boolean; readonly reason: string } {
  const tried = spawnSync("unshare", [...options, "true"], { encoding: "utf8" });
  if (tried.error !== undefined) return { ok: false, reason: tried.error.message };
  return { ok: tried.status === 0, reason: tried.stderr.trim() };
}

function enterUserNamespace(): Promise<number> {
  const options = ["--user", "--map-root-user", "--net", "--mount"];
  const again = [process.execPath, ...process.execArgv, ...process.argv.slice(1)];
  const inside = spawn("unshare", [...options, "--", ...again], {
    stdio: "inherit",
    env: { ...process.env, [mark]: "1" },
  });
  // Ctrl-C reaches both processes; the one inside cleans up, this one waits for it.
  process.on("SIGINT", () => undefined);
  for (const signal of ["SIGTERM", "SIGHUP"] as const)
    process.on(signal, () => inside.kill(signal));
  return new Promise((resolve) => {
    inside.once("exit", (code, signal) => resolve(code ?? (signal === "SIGINT" ? 130 : 143)));
  });
}

/** Finds a way to make namespaces and, when it is a user namespace, starts this program in it. */
export function obtainPrivileges(): Privileges {
  if (process.env[mark] === "1") return { kind: "mapped" };
  const direct = tryUnshare(["--net", "--mount", "--pid", "--fork"]);
  if (direct.ok) return { kind: "root" };
  const user = tryUnshare([
    "--user",
    "--map-root-user",
    "--net",
    "--mount",
    "--pid",
    "--fork",
    "--mount-proc",
  ]);
  if (user.ok) return { kind: "entered", status: enterUserNamespace() };
  return {
    kind: "refused",
    lines: [
      "The lab makes network namespaces. This user may not make them, neither directly nor in a user",
      `namespace: ${user.reason}`,
      "Run it as root, or allow user namespaces (sysctl kernel.unprivileged_userns_clone=1, or",
      "kernel.apparmor_restrict_unprivileged_userns=0 where AppArmor restricts them).",
    ],
  };
}
