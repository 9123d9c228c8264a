// Node's ws as a peer of conformance_test.py: `server` prints its port and echoes; `client URL` says what the lines of its
// input tell it to, and prints what came back.
'use strict';
const path = require('node:path');
const crypto = require('node:crypto');
const { WebSocket, WebSocketServer } = require(path.join(__dirname, '../../scenarios/systems/node_modules/ws'));

const digest = (data) => crypto.createHash('sha256').update(data).digest('hex').slice(0, 16);

if (process.argv[2] === 'server') {
  const server = new WebSocketServer({ host: '127.0.0.1', port: 0, perMessageDeflate: true, maxPayload: 64 << 20 }, () =>
    console.log(server.address().port));
  server.on('connection', (socket) => {
    socket.on('message', (data, binary) => socket.send(data, { binary }));
    socket.on('error', () => {});
  });
  process.stdin.on('end', () => process.exit(0)).resume();
} else {
  const plan = JSON.parse(process.argv[4]);
  const socket = new WebSocket(process.argv[3], { perMessageDeflate: plan.compression });
  const seen = [];
  socket.on('open', () => {
    for (const [kind, size] of plan.messages) {
      const data = Buffer.alloc(size, 'wsfault ');
      if (kind === 'ping') socket.ping(data.subarray(0, 125));
      else if (kind === 'fragments') {
        const third = Math.ceil(size / 3);
        socket.send(data.subarray(0, third), { binary: true, fin: false });
        socket.send(data.subarray(third, 2 * third), { binary: true, fin: false });
        socket.send(data.subarray(2 * third), { binary: true, fin: true });
      } else socket.send(kind === 'text' ? data.toString() : data);
    }
  });
  const answered = () => seen.length === plan.messages.length && socket.close(plan.code, plan.reason);
  socket.on('message', (data, binary) => answered(seen.push([binary ? 'binary' : 'text', data.length, digest(data)])));
  socket.on('pong', (data) => answered(seen.push(['pong', data.length, digest(data)])));
  socket.on('error', (error) => seen.push(['error', 0, error.message]));
  socket.on('close', (code, reason) => console.log(JSON.stringify({ seen, code, reason: reason.toString(), extensions: socket.extensions })));
}
