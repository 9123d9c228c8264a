// An echo server of Node's `ws` as one writes it: the heartbeat loop of its README, a limit of the message size, of
// the number of connections and of the time that a request may take, and a drain at SIGTERM.
//
//   node server.js --host=127.0.0.1 --port=8080 --heartbeat=500ms --drain=1s …
'use strict';

const fs = require('fs');
const http = require('http');
const https = require('https');
const { WebSocketServer, WebSocket } = require('ws');

const durations = { ms: 1, s: 1000, m: 60000 };
const sizes = { '': 1, KiB: 1024, MiB: 1024 * 1024 };

function milliseconds(text) {
  const [, number, unit] = /^(\d+(?:\.\d+)?)(ms|s|m)$/.exec(text);
  return Number(number) * durations[unit];
}

function bytes(text) {
  const [, number, unit] = /^(\d+(?:\.\d+)?)(|KiB|MiB)$/.exec(text);
  return Number(number) * sizes[unit];
}

const options = {
  host: '127.0.0.1',
  port: '8080',
  heartbeat: '20s',
  'handshake-limit': '10s',
  'close-limit': '5s',
  drain: '5s',
  'max-connections': '1000',
  'max-message': '1MiB',
  certificate: '', // PEM files: then it serves wss
  key: '',
};
for (const argument of process.argv.slice(2)) {
  const [name, value] = argument.replace(/^--/, '').split('=');
  options[name] = value;
}
const maxConnections = Number(options['max-connections']);

const limits = {
  headersTimeout: milliseconds(options['handshake-limit']),
  requestTimeout: milliseconds(options['handshake-limit']),
  connectionsCheckingInterval: 100, // how often Node looks for requests that took too long: 30 s by default
};
const refuse = (request, response) => {
  response.writeHead(426, { Upgrade: 'websocket', Connection: 'Upgrade, close', 'Content-Length': 0 });
  response.end();
};
const server = options.certificate
  ? https.createServer(
      {
        ...limits,
        cert: fs.readFileSync(options.certificate),
        key: fs.readFileSync(options.key),
        handshakeTimeout: milliseconds(options['handshake-limit']), // of TLS: 120 s by default
      },
      refuse,
    )
  : http.createServer(limits, refuse);

const wss = new WebSocketServer({
  noServer: true,
  maxPayload: bytes(options['max-message']),
  closeTimeout: milliseconds(options['close-limit']),
  handleProtocols: (offered) => (offered.has('chat') ? 'chat' : false),
});

let stopping = false;

server.on('upgrade', (request, socket, head) => {
  socket.on('error', () => {});
  if (stopping || wss.clients.size >= maxConnections) {
    socket.end('HTTP/1.1 503 Service Unavailable\r\nConnection: close\r\nContent-Length: 0\r\n\r\n');
    return;
  }
  wss.handleUpgrade(request, socket, head, (ws) => wss.emit('connection', ws, request));
});

wss.on('connection', (ws) => {
  ws.isAlive = true;
  ws.on('pong', () => {
    ws.isAlive = true;
  });
  ws.on('error', () => {}); // 'close' follows
  ws.on('message', (data, isBinary) => ws.send(data, { binary: isBinary }));
});

// The README's: who has not answered the ping of the last round is cut.
const heartbeat = setInterval(() => {
  for (const ws of wss.clients) {
    if (!ws.isAlive) {
      ws.terminate();
      continue;
    }
    ws.isAlive = false;
    if (ws.readyState === WebSocket.OPEN) ws.ping();
  }
}, milliseconds(options.heartbeat));

process.on('SIGTERM', () => {
  if (stopping) return;
  stopping = true;
  const exit = () => process.exit(0);
  server.close(exit); // when the last connection has ended
  for (const ws of wss.clients) ws.close(1001, 'going away');
  setTimeout(exit, milliseconds(options.drain));
  clearInterval(heartbeat);
});

server.listen(Number(options.port), options.host);
