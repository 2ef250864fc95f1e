// The program of the client host: one HTTP request every so many milliseconds, whether or not the
// earlier ones are answered, each on a connection of its own. Prints a line for each request:
// `SENT END OUTCOME SOURCE ANSWER`, times in monotonic milliseconds, outcome `ok` or an error name.
//
// Arguments: URL host, port, interval in ms, time limit of a request in ms, source addresses.

import { connect } from "node:net";

const [target = "", port = "80", intervalMs = "20", limitMs = "1000", ...sources] =
  process.argv.slice(2);

function nowMs(): number {
  return Number(process.hrtime.bigint()) / 1e6;
}

const firstPort = 10_000;
const portCount = 50_000;
let nextPort = (process.pid * 2000) % portCount;

/**
 * Ports in turn, so that none is used again within a quarter of an hour. Left to itself the kernel
 * uses a port again after seconds here, and a connection table that still remembers the earlier
 * connection (60 s after a SYN that nobody answered through the director) sends the new one the
 * same way, as IPVS does: then the client would measure its own haste.
 */
function takePort(): number {
  nextPort = (nextPort + 1) % portCount;
  return firstPort + nextPort;
}

function bodyOf(response: string): string {
  const [head = "", body = ""] = response.split("\r\n\r\n");
  return /^HTTP\/1\.[01] 200 /.test(head) ? (body.trim().split("\n")[0] ?? "") : "";
}

function sendRequest(source: string | undefined): void {
  const sentMs = nowMs();
  let response = "";
  let done = false;
  const socket = connect({
    host: target,
    port: Number(port),
    localPort: takePort(),
    ...(source === undefined ? {} : { localAddress: source }),
  });
  const report = (outcome: string): void => {
    if (done) return;
    done = true;
    clearTimeout(timer);
    socket.destroy();
    const answer = outcome === "ok" ? bodyOf(response) : "";
    process.stdout.write(
      `${sentMs.toFixed(3)} ${nowMs().toFixed(3)} ${outcome} ${source ?? "-"} ${answer}\n`,
    );
  };
  const timer = setTimeout(() => report("timeout"), Number(limitMs));
  socket.on("connect", () => socket.write(`GET / HTTP/1.0\r\nHost: ${target}\r\n\r\n`));
  socket.on("data", (chunk) => {
    response += chunk.toString("latin1");
  });
  socket.on("end", () => report(bodyOf(response) === "" ? "no-answer" : "ok"));
  socket.on("error", (error: NodeJS.ErrnoException) => report(error.code ?? "error"));
}

let count = 0;
const timer = setInterval(() => {
  sendRequest(sources.length === 0 ? undefined : sources[count % sources.length]);
  count++;
}, Number(intervalMs));

// The lab closes the input to say that it has enough.
process.stdin.on("end", () => clearInterval(timer)).resume();
