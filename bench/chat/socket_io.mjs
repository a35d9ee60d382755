// Socket.IO as a chat's relay: whoever joined under a number gets what is said to it.
import { createServer } from "node:http";
import { Server } from "socket.io";

const http = createServer();
const server = new Server(http, { transports: ["websocket"], perMessageDeflate: false, serveClient: false });
server.on("connection", (socket) => {
  socket.on("join", (number) => {
    socket.join(`v${number}`);
    socket.emit("joined");
  });
  socket.on("to", (number, text) => server.to(`v${number}`).emit("m", text));
});
http.listen({ host: "127.0.0.1", port: Number(process.argv[2]), backlog: 4096 }, () => console.log("ready"));
