// A WebSocket client of Node's `ws` as one writes it: heartbeat, time limits, and a loop that comes back with
// exponential backoff and full jitter. Prints what it sees as JSON lines.
//
//   node client.js ws://127.0.0.1:8080/ --heartbeat=500ms --backoff-max=1600ms …
'use strict';

const WebSocket = require('ws');

const units = { ms: 1, s: 1000, m: 60000 };

function milliseconds(text) {
  const [, number, unit] = /^(\d+(?:\.\d+)?)(ms|s|m)$/.exec(text);
  return Number(number) * units[unit];
}

const url = process.argv[2];
const options = {
  heartbeat: '20s',
  'heartbeat-timeout': '10s',
  'handshake-limit': '10s',
  'close-limit': '5s',
  'backoff-first': '500ms',
  'backoff-factor': '2',
  'backoff-max': '30s',
};
for (const argument of process.argv.slice(3)) {
  const [name, value] = argument.replace(/^--/, '').split('=');
  options[name] = value;
}
const heartbeat = milliseconds(options.heartbeat);
const heartbeatTimeout = milliseconds(options['heartbeat-timeout']);
const handshakeTimeout = milliseconds(options['handshake-limit']);
const closeTimeout = milliseconds(options['close-limit']);
const backoffFirst = milliseconds(options['backoff-first']);
const backoffFactor = Number(options['backoff-factor']);
const backoffMax = milliseconds(options['backoff-max']);

/** Closes and answers after which the same request would only fail again. */
const isFinalCode = (code) => [1000, 1002, 1003, 1007, 1008, 1009, 1010].includes(code) || (code >= 4400 && code < 4500);
const isFinalStatus = (status) => status >= 300 && status < 500 && ![408, 425, 429].includes(status);

function report(event, details = {}) {
  console.log(JSON.stringify({ event, ...details }));
}

let socket;
let attempts = 0; // since a connection last opened
let stopping = false;

function connect() {
  const ws = new WebSocket(url, { handshakeTimeout, closeTimeout });
  socket = ws;
  let pingTimer;
  let pongTimer;
  let refused; // the status and Retry-After of an answer that is no 101

  ws.on('open', () => {
    attempts = 0;
    report('open');
    pingTimer = setInterval(() => {
      ws.ping();
      pongTimer ??= setTimeout(() => ws.terminate(), heartbeatTimeout);
    }, heartbeat);
  });

  ws.on('pong', () => {
    clearTimeout(pongTimer);
    pongTimer = undefined;
  });

  ws.on('message', (data, isBinary) => {
    report('message', isBinary ? { hex: data.toString('hex') } : { text: data.toString() });
  });

  ws.on('unexpected-response', (request, response) => {
    refused = { status: response.statusCode, retryAfter: Number(response.headers['retry-after']) || 0 };
    response.resume();
    ws.terminate(); // brings 'error' and 'close'
  });

  ws.on('error', (error) => {
    const message = refused ? `unexpected status ${refused.status}` : error.message || error.code;
    report('error', refused ? { message, status: refused.status } : { message });
  });

  ws.on('close', (code, reason) => {
    clearInterval(pingTimer);
    clearTimeout(pongTimer);
    report('close', { code, reason: reason.toString(), clean: code !== 1006 });
    if (stopping) return;
    if (refused ? isFinalStatus(refused.status) : isFinalCode(code)) return;
    comeBack((refused?.retryAfter ?? 0) * 1000);
  });
}

function comeBack(atLeast) {
  const cap = Math.min(backoffMax, backoffFirst * backoffFactor ** attempts);
  const delay = atLeast + Math.random() * cap;
  attempts += 1;
  report('reconnecting', { delay_ms: Math.round(delay) });
  setTimeout(connect, delay);
}

process.on('SIGTERM', () => {
  stopping = true;
  socket.close(1001, 'going away');
  socket.on('close', () => process.exit(0));
});

connect();
