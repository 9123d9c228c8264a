// The reader's chat client of docs/protocols.md: Phoenix Channels over Node's `ws`.
'use strict';

const WebSocket = require('ws');

const [url, ...options] = process.argv.slice(2);
const defect = options.find((option) => option.startsWith('--defect=')).slice('--defect='.length);
const longest = Number(/^--backoff-max=(\d+)ms$/.exec(options.find((option) => option.startsWith('--backoff-max=')))[1]);
const say = (event) => process.stdout.write(JSON.stringify(event) + '\n');

let longer = 50;
let joined = 0;

function connect() {
  const socket = new WebSocket(url, { handshakeTimeout: 1000 });
  let beat = 0;
  const heartbeat = setInterval(() => {
    if (socket.readyState === WebSocket.OPEN) socket.send(JSON.stringify([null, String(++beat), 'phoenix', 'heartbeat', {}]));
  }, 200);
  socket.on('open', () => {
    say({ event: 'open' });
    longer = 50;
    if (defect === 'never-joins-again' && joined > 0) return;
    joined += 1;
    socket.send(JSON.stringify(['1', '1', 'room:lobby', 'phx_join', {}]));
  });
  socket.on('message', (text) => say({ event: 'message', text: String(text) }));
  socket.on('error', (error) => say({ event: 'error', text: error.message }));
  socket.on('close', (code, reason) => {
    clearInterval(heartbeat);
    say({ event: 'close', code, reason: String(reason), clean: code !== 1006 });
    setTimeout(connect, longer * Math.random());
    longer = Math.min(longer * 2, longest);
  });
}

connect();
