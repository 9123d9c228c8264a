// The npm package `graphql-ws` as a server, on Node's `ws`: one subscription, `ticks`, which gives a number each 50 ms.
// Prints when somebody listens to it and when nobody does any more.
//
//   node server.js --host=127.0.0.1 --port=8080 --heartbeat=400ms --init-limit=500ms [--defect=no-heartbeat]
//
// A defect leaves out what the package offers, or breaks it: `[defects]` of system.toml says what.
'use strict';

const http = require('http');
const { buildSchema } = require('graphql');
const { useServer } = require('graphql-ws/use/ws');
const { WebSocketServer } = require('ws');

const units = { ms: 1, s: 1000, m: 60000 };

function milliseconds(text) {
  const [, number, unit] = /^(\d+(?:\.\d+)?)(ms|s|m)$/.exec(text);
  return Number(number) * units[unit];
}

const options = {
  host: '127.0.0.1',
  port: '8080',
  heartbeat: '12s',
  'init-limit': '3s',
  'close-limit': '5s',
  drain: '1s',
  defect: 'none',
};
for (const argument of process.argv.slice(2)) {
  const [name, value] = argument.replace(/^--/, '').split('=');
  options[name] = value;
}

const schema = buildSchema('type Query { greeting: String } type Subscription { ticks: Int }');
const tickEvery = 50;

/** Counts until whoever listens has gone: the package calls return(). */
function ticks() {
  let count = 0;
  let wake = () => {};
  let ended = false;
  console.log('somebody listens');
  const timer = setInterval(() => wake(), tickEvery);
  return {
    [Symbol.asyncIterator]() {
      return this;
    },
    async next() {
      if (!ended) await new Promise((resolve) => (wake = resolve));
      return ended ? { done: true, value: undefined } : { done: false, value: { ticks: (count += 1) } };
    },
    async return() {
      if (options.defect !== 'leaks-subscriptions' && !ended) {
        ended = true;
        clearInterval(timer);
        wake();
        console.log('nobody listens any more');
      }
      return { done: true, value: undefined };
    },
    async throw(error) {
      await this.return();
      throw error;
    },
  };
}

/** What a defect does to a message before the package sees it: true if it is not to see it. */
function hidden(ws, text) {
  let message = {};
  try {
    message = JSON.parse(text);
  } catch {
    if (options.defect === 'dies-on-garbage') process.exit(1);
    return options.defect === 'ignores-garbage';
  }
  const { type, id } = message ?? {};
  const seen = (ws.seen ??= new Set());
  const name = type === 'subscribe' ? `subscribe ${id}` : type;
  const again = seen.has(name);
  seen.add(name);
  if (options.defect === 'no-pong') return type === 'ping';
  if (options.defect === 'takes-second-init') return type === 'connection_init' && again;
  if (options.defect === 'takes-same-id') return type === 'subscribe' && again;
  if (options.defect === 'serves-anyone' && type === 'subscribe' && !seen.has('connection_init')) {
    ws.emit('message', Buffer.from('{"type":"connection_init"}'), false);
    setImmediate(() => ws.emit('message', Buffer.from(text), false));
    return true;
  }
  return false;
}

const server = http.createServer((request, response) => {
  response.writeHead(426, { Upgrade: 'websocket', Connection: 'Upgrade, close', 'Content-Length': 0 });
  response.end();
});
const wss = new WebSocketServer({ server, closeTimeout: milliseconds(options['close-limit']) });
if (options.defect !== 'none') {
  wss.on('connection', (ws) => {
    const emit = ws.emit.bind(ws);
    ws.emit = (event, ...details) =>
      event === 'message' && hidden(ws, String(details[0])) ? true : emit(event, ...details);
  });
}
const heartbeat = options.defect === 'no-heartbeat' ? 0 : milliseconds(options.heartbeat);
const { dispose } = useServer(
  {
    schema,
    roots: { subscription: { ticks } },
    connectionInitWaitTimeout: options.defect === 'no-init-limit' ? 0 : milliseconds(options['init-limit']),
  },
  wss,
  heartbeat,
);

process.on('SIGTERM', () => {
  const exit = () => process.exit(0);
  setTimeout(exit, milliseconds(options.drain));
  server.close(exit);
  dispose();
});

server.listen(Number(options.port), options.host);
