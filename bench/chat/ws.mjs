// The library ws as a chat's relay: whoever joined under a number gets what is said to it.
import { WebSocketServer } from "ws";

const joined = new Map();
const server = new WebSocketServer({ host: "127.0.0.1", port: Number(process.argv[2]), perMessageDeflate: false, backlog: 4096 });
server.on("listening", () => console.log("ready"));
server.on("connection", (socket) => {
  socket.on("message", (data) => {
    const said = JSON.parse(data);
    if (said.join !== undefined) {
      joined.set(said.join, socket);
      socket.send('{"joined":true}');
    } else joined.get(said.to)?.send(JSON.stringify({ text: said.text }));
  });
  socket.on("error", () => {});
});
