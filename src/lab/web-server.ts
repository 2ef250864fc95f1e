// nginx in a host: serving a page that names the host, or whatever site it is given.

import type { Host } from "./host.ts";
import type { LabProcess } from "./lab-process.ts";
import { isRunning, signalProcess } from "./processes.ts";
import { waitFor } from "./waiting.ts";

const configurationFile = "/run/web/nginx.conf";

/** A site that answers every request with one line. */
export function pageSite(text: string): string {
  return `server {
  listen 80;
  location / { default_type text/plain; return 200 "${text}\\n"; }
}
`;
}

/** A whole nginx.conf around `site`. The one user that exists everywhere here is root. */
export function printNginxConfiguration(site: string): string {
  const temporary = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"]
    .map((kind) => `  ${kind}_temp_path /run/web/${kind};`)
    .join("\n");
  return `user root;
worker_processes 1;
pid /run/web/nginx.pid;
error_log /run/web/error.log;
events { worker_connections 4096; }
http {
  access_log off;
${temporary}
${site.replaceAll(/^(?=.)/gm, "  ")}}
`;
}

/** Arguments that make nginx use the host's own files. */
export const nginxArguments: readonly string[] = [
  "nginx",
  "-c",
  configurationFile,
  "-e",
  "/run/web/error.log",
];

/** Writes the configuration without starting anything. */
export function prepareWebServer(host: Host, site: string): void {
  host.writeFile(configurationFile, printNginxConfiguration(site));
}

/** Starts nginx in the foreground and waits until it listens. */
export async function startWebServer(host: Host, site: string): Promise<LabProcess> {
  prepareWebServer(host, site);
  const server = await host.start([...nginxArguments, "-g", "daemon off;"]);
  await host.shell(
    "for i in $(seq 200); do [ ! -s /run/web/nginx.pid ] || exit 0; sleep 0.02; done; exit 1",
  );
  return server;
}

/**
 * SIGKILL to all processes of nginx in a host: a worker that outlives its master goes on serving.
 * Resolves when none is left.
 */
export async function killWebServer(host: Host): Promise<void> {
  const pids = host.processes("nginx");
  for (const pid of pids) signalProcess(pid, "SIGKILL");
  await waitFor(() => (pids.some(isRunning) ? undefined : true), { timeoutMs: 5000, everyMs: 5 });
}
