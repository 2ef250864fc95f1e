// The program of a director in the failover benchmark: sends every datagram back with the number
// of its node added. Arguments: port, node number.

import { createSocket } from "node:dgram";

const [port = "7000", node = "0"] = process.argv.slice(2);
const socket = createSocket("udp4");
const mark = Uint8Array.of(Number(node));
socket.on("message", (probe, from) => {
  socket.send([probe, mark], from.port, from.address, () => {
    // An answer that cannot be sent is a lost answer, which is what is counted.
  });
});
socket.bind(Number(port), () => process.stdout.write("ready\n"));
