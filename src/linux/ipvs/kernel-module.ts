// Loading a module of the kernel, as ipvsadm does it: with modprobe.

import { execFile } from "node:child_process";

const patienceMs = 20_000;

/** Loads a module; what modprobe said when it could not, in one line. */
export function loadKernelModule(name: string): Promise<string | undefined> {
  return new Promise((resolve) => {
    const environment = { ...process.env, PATH: `${process.env["PATH"] ?? ""}:/usr/sbin:/sbin` };
    const options = { timeout: patienceMs, env: environment };
    execFile("modprobe", ["--", name], options, (error, _stdout, stderr) => {
      if (error === null) resolve(undefined);
      else if (error.code === "ENOENT") resolve("there is no modprobe here");
      else resolve(stderr.trim().split("\n")[0] || error.message);
    });
  });
}
