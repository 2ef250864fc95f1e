// Sends back what arrives on each connection to port 80, until it is killed.

import { createServer } from "node:net";

const server = createServer({ noDelay: true }, (socket) => {
  socket.on("error", () => socket.destroy());
  socket.pipe(socket);
});
server.listen({ port: 80, backlog: 4096 }, () => process.stdout.write("ready\n"));
