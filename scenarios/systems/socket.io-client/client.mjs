// The npm package `socket.io-client` over WebSocket alone: it says hello and wants that acknowledged, and takes ticks.
// Prints what it sees as JSON lines; of messages what the application gets.
//
//   node client.mjs ws://127.0.0.1:8080/ --open-limit=1s --connect-limit=500ms --backoff-first=50ms … [--defect=no-retry]
//
// A defect leaves out what the package offers, or breaks it: `[defects]` of system.toml says what.
import { io, NodeWebSocket } from 'socket.io-client';

const units = { ms: 1, s: 1000, m: 60000 };

function milliseconds(text) {
  const [, number, unit] = /^(\d+(?:\.\d+)?)(ms|s|m)$/.exec(text);
  return Number(number) * units[unit];
}

const url = process.argv[2];
const options = {
  'open-limit': '20s',
  'connect-limit': '20s',
  'ack-limit': '10s',
  'backoff-first': '1s',
  'backoff-max': '5s',
  defect: 'none',
};
for (const argument of process.argv.slice(3)) {
  const [name, value] = argument.replace(/^--/, '').split('=');
  options[name] = value;
}
const { defect } = options;

function report(event, details = {}) {
  console.log(JSON.stringify({ event, ...details }));
}

/** One connection, and its end, which is told once, by whoever learns of it first. */
let current;
function ended(connection, code, reason) {
  if (!connection || connection.ended) return;
  connection.ended = true;
  report('close', { code, reason, clean: code !== 1006 });
}

/** The package's transport, with an eye on its WebSocket; and with what some defects hide from the package. */
class Transport extends NodeWebSocket {
  createSocket(uri, protocols, settings) {
    const ws = super.createSocket(uri, protocols, settings);
    const connection = { ended: false };
    ws.on('open', () => {
      current = connection;
      report('open');
    });
    ws.on('close', (code, reason) => {
      if (current === connection || connection.ended) ended(connection, code, reason.toString());
    });
    ws.on('error', (error) => {
      if (current !== connection) report('error', { message: error.message });
    });
    return ws;
  }

  onData(data) {
    const known = typeof data !== 'string' || /^([0-6]$|0\{|[23]|4[0-6])/.test(data);
    if (defect === 'ignores-garbage' && (!known || /^42(?!\d*\[".*\]$)/.test(data))) return;
    if (defect === 'dies-on-bad-open') return void super.onData(data);
    try {
      super.onData(data);
    } catch (error) {
      this.onError('bad packet', error); // of an open packet that is no JSON nobody else takes the exception
    }
  }

  write(packets) {
    super.write(defect === 'no-pong' ? packets.filter((packet) => packet.type !== 'pong') : packets);
  }
}

const socket = io(url, {
  transports: [Transport],
  reconnection: defect !== 'no-retry',
  reconnectionDelay: milliseconds(options['backoff-first']),
  reconnectionDelayMax: milliseconds(options['backoff-max']),
  timeout: defect === 'no-open-limit' ? false : milliseconds(options['open-limit']),
  retries: defect === 'no-resend' ? 0 : 3, // what is not acknowledged in time is sent again, also on the next connection
  ackTimeout: milliseconds(options['ack-limit']),
});

// The package waits for ever for the answer to its CONNECT: the application misses it.
let connectTimer;
socket.io.on('open', () => {
  clearTimeout(connectTimer);
  if (defect === 'no-connect-limit') return;
  connectTimer = setTimeout(() => socket.io.engine.close(), milliseconds(options['connect-limit']));
});
socket.on('connect', () => clearTimeout(connectTimer));
socket.on('connect_error', (error) => {
  clearTimeout(connectTimer);
  if (!socket.active && defect === 'asks-again-when-refused') setTimeout(() => socket.connect(), 100);
  report('refused', { message: error.message });
});
socket.on('disconnect', (reason) => {
  if (reason === 'io server disconnect' && defect === 'comes-back-when-sent-away') {
    setTimeout(() => socket.connect(), 100);
  }
});
socket.io.on('close', (reason, details) => {
  clearTimeout(connectTimer);
  const code = details?.context?.code ?? (reason === 'ping timeout' || reason === 'transport close' ? 1006 : 1005);
  ended(current, code, reason);
});
if (defect === 'no-heartbeat') {
  // The times that the server announces are stretched.
  const watch = () => socket.io.engine.on('handshake', (details) => (details.pingTimeout = 2 ** 30));
  watch();
  socket.io.on('reconnect_attempt', () => setImmediate(watch));
}

socket.on('tick', (number) => report('message', { text: `tick ${number}` }));
socket.emit('hello', 'world', (error) => {
  if (!error) report('message', { text: 'acknowledged' });
});
setInterval(() => {}, 60000); // an application goes on when its connection has ended

process.on('SIGTERM', () => {
  socket.disconnect();
  setTimeout(() => process.exit(0), 100);
});
