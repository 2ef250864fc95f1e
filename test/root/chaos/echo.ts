// Sends every datagram back with the number of its router added. Arguments: port, number.

import { createSocket } from "node:dgram";

const [port = "7000", number = "0"] = process.argv.slice(2);
const socket = createSocket("udp6");
const mark = Uint8Array.of(Number(number));
socket.on("message", (probe, from) => {
  socket.send([probe, mark], from.port, from.address, () => {
    // An answer that cannot be sent is a lost answer, which is what is counted.
  });
});
socket.bind(Number(port), () => process.stdout.write("ready\n"));
