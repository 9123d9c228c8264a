// The npm package `reconnecting-websocket` around Node's `ws`, used as its README shows. Prints what it sees as JSON
// lines.
//
//   node client.js ws://127.0.0.1:8080/ --handshake-limit=1s --backoff-first=50ms …
'use strict';

const ReconnectingWebSocket = require('reconnecting-websocket');
const WebSocket = require('ws');

const units = { ms: 1, s: 1000, m: 60000 };

function milliseconds(text) {
  const [, number, unit] = /^(\d+(?:\.\d+)?)(ms|s|m)$/.exec(text);
  return Number(number) * units[unit];
}

const url = process.argv[2];
const options = {};
for (const argument of process.argv.slice(3)) {
  const [name, value] = argument.replace(/^--/, '').split('=');
  options[name] = value;
}

function report(event, details = {}) {
  console.log(JSON.stringify({ event, ...details }));
}

const socket = new ReconnectingWebSocket(url, [], {
  WebSocket,
  connectionTimeout: milliseconds(options['handshake-limit']),
  minReconnectionDelay: milliseconds(options['backoff-first']),
  reconnectionDelayGrowFactor: Number(options['backoff-factor']),
  maxReconnectionDelay: milliseconds(options['backoff-max']),
});

socket.binaryType = 'arraybuffer';
socket.addEventListener('open', () => report('open'));
socket.addEventListener('message', ({ data }) => {
  report('message', typeof data === 'string' ? { text: data } : { hex: Buffer.from(data).toString('hex') });
});
socket.addEventListener('error', ({ message }) => report('error', { message }));
socket.addEventListener('close', ({ code, reason, wasClean }) => {
  report('close', { code, reason: reason ?? '', clean: wasClean });
});

process.on('SIGTERM', () => {
  socket.addEventListener('close', () => process.exit(0));
  socket.close();
});
