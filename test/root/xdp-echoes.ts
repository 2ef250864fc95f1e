// A client that holds many TCP connections and sends a line on each, round after round, when it is
// told to; it answers with how many came back whole. Arguments: count, then address:port ...

import { connect, type Socket } from "node:net";
import { createInterface } from "node:readline";

const [, , count = "0", ...targets] = process.argv;

interface Held {
  readonly socket: Socket;
  received: string;
  broken: boolean;
}

const held: Held[] = await Promise.all(
  Array.from({ length: Number(count) }, (_, i) => {
    const [host = "", port = "0"] = (targets[i % targets.length] ?? "").split(":");
    return new Promise<Held>((resolve) => {
      const socket = connect(Number(port), host);
      const one: Held = { socket, received: "", broken: false };
      socket.on("data", (part) => {
        one.received += part.toString();
      });
      socket.on("connect", () => resolve(one));
      for (const event of ["error", "close"])
        socket.on(event, () => {
          one.broken = true;
          resolve(one);
        });
    });
  }),
);
console.log(`connected ${held.filter(({ broken }) => !broken).length}`);

async function round(text: string): Promise<number> {
  for (const one of held) {
    one.received = "";
    one.socket.write(text);
  }
  const deadline = Date.now() + 15_000;
  const answered = (): number => held.filter((one) => !one.broken && one.received === text).length;
  while (answered() < held.length && Date.now() < deadline)
    await new Promise((resolve) => setTimeout(resolve, 10));
  return answered();
}

for await (const line of createInterface({ input: process.stdin }))
  console.log(`answered ${await round(`${line}\n`)}`);
for (const { socket } of held) socket.destroy();
