// node client.mjs ADDRESS TRANSPORTS TOKEN: connects, and prints what it hears as lines of JSON, first its transport.
// What it reads on its input, lines of [event, ...arguments], it says, and prints the answer.
import { createInterface } from "node:readline";
import { io } from "socket.io-client";

const [address, transports, token] = process.argv.slice(2);
const print = (...words) => console.log(JSON.stringify(words));
const socket = io(address, { transports: transports.split(","), auth: { token }, reconnection: false });

socket.on("connect_error", (error) => print("connect_error", error.message));
socket.on("disconnect", (reason) => print("disconnect", reason));
socket.on("ready", () => {
  const { engine } = socket.io;
  const upgrades = transports.includes(",") && engine.transport.name === "polling";
  const ready = () => print("ready", engine.transport.name);
  if (upgrades) engine.once("upgrade", ready);
  else ready();
});
socket.onAny((event, ...words) => event === "ready" || print(event, ...words));
createInterface({ input: process.stdin })
  .on("line", async (line) => print("answer", await socket.emitWithAck(...JSON.parse(line))))
  .on("close", () => socket.disconnect());
