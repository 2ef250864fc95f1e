// `keepalived --genhash`: the MD5 of a web page, for `digest` in HTTP_GET and SSL_GET.

import { createHash } from "node:crypto";
import { type IncomingMessage, request as requestPlain } from "node:http";
import { request as requestSecure } from "node:https";
import { parseArgs } from "node:util";
import type { CommandIo } from "./command-io.ts";

const usage = `usage: keepalived --genhash [-S] -s ADDRESS -p PORT -u PATH [-V HOST] [-t SECONDS] [-v]

Prints the MD5 of a page, as \`digest\` takes it.

  -s, --server=ADDRESS       where to connect
  -p, --port=PORT
  -u, --url=PATH             the page
  -S, --use-ssl              by TLS; the certificate is not verified
  -I, --use-sni              with the name of -V
  -V, --use-virtualhost=HOST the name of the site
  -t, --timeout=SECONDS      for connecting and for the answer [5]
  -v, --verbose              print the header as well
  -h, --help                 print this page

keepalived's --protocol and --fwmark are not served.
`;

const table = {
  server: { type: "string", short: "s" },
  port: { type: "string", short: "p" },
  url: { type: "string", short: "u" },
  "use-ssl": { type: "boolean", short: "S" },
  "use-sni": { type: "boolean", short: "I" },
  "use-virtualhost": { type: "string", short: "V" },
  timeout: { type: "string", short: "t" },
  verbose: { type: "boolean", short: "v" },
  help: { type: "boolean", short: "h" },
} as const;

const timeoutDefaultS = 5;
const portMax = 65_535;

interface Page {
  readonly host: string;
  readonly port: number;
  readonly path: string;
  readonly secure: boolean;
  readonly site: string | undefined;
  readonly tellsName: boolean;
  readonly timeoutMs: number;
}

/** Runs the arguments behind `--genhash`; gives the exit status. */
export async function runGenhash(args: readonly string[], io: CommandIo): Promise<number> {
  const read = readArguments(args);
  if (typeof read === "string") {
    io.stderr(`genhash: ${read}\n${usage}`);
    return 1;
  }
  if (read === undefined) {
    io.stdout(usage);
    return 0;
  }
  try {
    const { header, body } = await fetchPage(read.page);
    if (read.verbose) io.stdout(header);
    io.stdout(`${createHash("md5").update(body).digest("hex")}\n`);
    return 0;
  } catch (error) {
    io.stderr(`Connection failed: ${error instanceof Error ? error.message : String(error)}\n`);
    return 1;
  }
}

/** A fault is one sentence; undefined asks for the page of usage. */
function readArguments(
  args: readonly string[],
): { readonly page: Page; readonly verbose: boolean } | string | undefined {
  let values: ReturnType<typeof parse>;
  try {
    values = parse(args);
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
  if (values.help === true) return undefined;
  const { server: host, url: path } = values;
  const port = Number(values.port);
  if (host === undefined || path === undefined || values.port === undefined)
    return "-s, -p and -u are needed";
  if (!Number.isInteger(port) || port < 1 || port > portMax) return `${values.port} is no port`;
  const timeoutS = Number(values.timeout ?? timeoutDefaultS);
  if (!(timeoutS > 0)) return `${values.timeout} is no time`;
  const page: Page = {
    host,
    port,
    path,
    secure: values["use-ssl"] === true,
    site: values["use-virtualhost"],
    tellsName: values["use-sni"] === true,
    timeoutMs: timeoutS * 1000,
  };
  return { page, verbose: values.verbose === true };
}

const parse = (args: readonly string[]) => parseArgs({ args: [...args], options: table }).values;

function fetchPage(page: Page): Promise<{ readonly header: string; readonly body: Uint8Array }> {
  const { host, port, path, secure, site, tellsName, timeoutMs } = page;
  const options = {
    host,
    port,
    path,
    agent: false,
    headers: { "user-agent": "KeepAliveClient", host: site ?? `${host}:${port}` },
    signal: AbortSignal.timeout(timeoutMs),
    rejectUnauthorized: false,
    servername: tellsName ? (site ?? "") : "",
  } as const;
  return new Promise((resolve, reject) => {
    const asked = (secure ? requestSecure : requestPlain)(options, (answer) => {
      const parts: Uint8Array[] = [];
      answer.on("data", (part: Uint8Array) => parts.push(part));
      answer.once("error", reject);
      answer.once("end", () => resolve({ header: headerOf(answer), body: Buffer.concat(parts) }));
    });
    asked.once("error", reject);
    asked.end();
  });
}

function headerOf(answer: IncomingMessage): string {
  const { httpVersion, statusCode, statusMessage, rawHeaders } = answer;
  const lines = [`HTTP/${httpVersion} ${statusCode} ${statusMessage}`];
  for (let i = 0; i + 1 < rawHeaders.length; i += 2)
    lines.push(`${rawHeaders[i]}: ${rawHeaders[i + 1]}`);
  return `${lines.join("\n")}\n\n`;
}
