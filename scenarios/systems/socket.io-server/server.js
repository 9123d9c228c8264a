// The npm package `socket.io` as a server, over WebSocket alone: `echo` is acknowledged with what it brought, and each
// client gets a tick each 50 ms. Prints who is disconnected, and why.
//
//   node server.js --host=127.0.0.1 --port=8080 --heartbeat=400ms --heartbeat-timeout=400ms --connect-limit=500ms
//     [--defect=no-heartbeat]
//
// A defect leaves out what the package offers, or breaks it: `[defects]` of system.toml says what.
'use strict';

const http = require('http');
const { Server } = require('socket.io');

const units = { ms: 1, s: 1000, m: 60000 };

function milliseconds(text) {
  const [, number, unit] = /^(\d+(?:\.\d+)?)(ms|s|m)$/.exec(text);
  return Number(number) * units[unit];
}

const options = {
  host: '127.0.0.1',
  port: '8080',
  heartbeat: '25s',
  'heartbeat-timeout': '20s',
  'connect-limit': '45s',
  'close-limit': '1s',
  drain: '1s',
  defect: 'none',
};
for (const argument of process.argv.slice(2)) {
  const [name, value] = argument.replace(/^--/, '').split('=');
  options[name] = value;
}
const { defect } = options;
const never = 2 ** 30;

const server = http.createServer((request, response) => {
  response.writeHead(426, { Upgrade: 'websocket', Connection: 'Upgrade, close', 'Content-Length': 0 });
  response.end();
});
const io = new Server(server, {
  transports: ['websocket'],
  serveClient: false,
  pingInterval: milliseconds(options.heartbeat),
  pingTimeout: defect === 'no-heartbeat' ? never : milliseconds(options['heartbeat-timeout']),
  connectTimeout: defect === 'no-connect-limit' ? never : milliseconds(options['connect-limit']),
  allowEIO3: defect === 'takes-old-version',
  // By itself the package refuses another version behind its 101, in HTTP.
  allowRequest: (request, answer) => {
    const { searchParams } = new URL(request.url, 'http://host');
    const fits = searchParams.get('EIO') === '4' || ['takes-old-version', 'refuses-after-101'].includes(defect);
    answer(fits ? null : 'unsupported version', fits);
  },
});

// By itself the package closes a dead connection with a Close, and leaves its socket to `ws`, which waits 30 s.
io.engine.on('connection', (connection) => {
  connection.on('close', () => {
    if (defect === 'keeps-dead-sockets') return;
    const { socket } = connection.transport;
    setTimeout(() => socket.terminate(), milliseconds(options['close-limit'])).unref();
  });
});

/** What a defect does to a packet before the package sees it. */
function tamper(connection) {
  const { transport } = connection;
  const take = transport.onPacket.bind(transport);
  transport.onPacket = (packet) => {
    const legal = packet.type !== 'error' && (packet.type !== 'message' || /^([0134]|2\d*\[".*\]$)/.test(packet.data));
    if (!legal && defect === 'dies-on-garbage') process.exit(1);
    if (!legal && defect === 'ignores-garbage') return;
    const early = packet.type === 'message' && packet.data[0] === '2' && !connection.greeted;
    if (packet.type === 'message' && packet.data[0] === '0') connection.greeted = true;
    if (early && defect === 'serves-anyone') {
      connection.greeted = true;
      take({ type: 'message', data: '0' });
      setTimeout(() => take(packet), 50);
      return;
    }
    take(packet);
  };
}
if (defect !== 'none') io.engine.on('connection', tamper);
if (defect === 'any-namespace') io.of(/.*/);

io.on('connection', (socket) => {
  let count = 0;
  const ticks = setInterval(() => socket.emit('tick', (count += 1)), 50);
  socket.on('echo', (text, acknowledge) => acknowledge(text));
  socket.on('disconnect', (reason) => {
    clearInterval(ticks);
    console.log(`disconnected: ${reason}`);
  });
});

process.on('SIGTERM', () => {
  const exit = () => process.exit(0);
  setTimeout(exit, milliseconds(options.drain));
  io.close(exit);
});

server.listen(Number(options.port), options.host);
