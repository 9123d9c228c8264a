// The npm package `graphql-ws` as a client, around Node's `ws`, with one subscription that it keeps up. Prints what it
// sees as JSON lines; of messages the data that the application gets.
//
//   node client.js ws://127.0.0.1:8080/ --keep-alive=400ms --pong-limit=300ms --ack-limit=500ms … [--defect=no-retry]
//
// A defect leaves out what the package leaves to the application, or breaks it: `[defects]` of system.toml says what.
'use strict';

const { createClient } = require('graphql-ws');
const WebSocket = require('ws');

const units = { ms: 1, s: 1000, m: 60000 };

function milliseconds(text) {
  const [, number, unit] = /^(\d+(?:\.\d+)?)(ms|s|m)$/.exec(text);
  return Number(number) * units[unit];
}

const url = process.argv[2];
const options = {
  'keep-alive': '20s',
  'pong-limit': '10s',
  'ack-limit': '10s',
  'handshake-limit': '10s',
  'close-limit': '5s',
  'backoff-first': '500ms',
  'backoff-factor': '2',
  'backoff-max': '30s',
  defect: 'none',
};
for (const argument of process.argv.slice(3)) {
  const [name, value] = argument.replace(/^--/, '').split('=');
  options[name] = value;
}
const backoffFirst = milliseconds(options['backoff-first']);
const backoffFactor = Number(options['backoff-factor']);
const backoffMax = milliseconds(options['backoff-max']);

function report(event, details = {}) {
  console.log(JSON.stringify({ event, ...details }));
}

function isJson(data) {
  try {
    return JSON.parse(data) !== null;
  } catch {
    return false;
  }
}

/** `ws` with time limits, which the package cannot pass on; and with what some defects hide from the package. */
class Socket extends WebSocket {
  constructor(address, protocols) {
    super(address, protocols, {
      handshakeTimeout: milliseconds(options['handshake-limit']),
      closeTimeout: milliseconds(options['close-limit']),
    });
  }

  emit(event, ...details) {
    if (event === 'message' && options.defect === 'ignores-garbage' && !isJson(details[0])) return true;
    return super.emit(event, ...details);
  }
}

let activeSocket;
let pongTimer;
const settings = {
  url,
  webSocketImpl: Socket,
  connectionParams: { token: 'a token' },
  keepAlive: milliseconds(options['keep-alive']),
  connectionAckWaitTimeout: milliseconds(options['ack-limit']),
  retryAttempts: Infinity,
  retryWait: (retries) => {
    const delay = Math.random() * Math.min(backoffMax, backoffFirst * backoffFactor ** retries);
    report('reconnecting', { delay_ms: Math.round(delay) });
    return new Promise((resolve) => setTimeout(resolve, delay));
  },
  shouldRetry: () => true, // by default what is no Close — a refused connection — ends the subscription for good
  on: {
    opened: (socket) => {
      activeSocket = socket;
      report('open');
    },
    // The package sends pings, and leaves it to the application to miss the pong.
    ping: (received) => {
      if (received || options.defect === 'ignores-missing-pong') return;
      const socket = activeSocket;
      pongTimer = setTimeout(() => {
        client.terminate(); // comes back at once, and leaves a dead socket to its closing handshake
        socket.terminate();
      }, milliseconds(options['pong-limit']));
    },
    pong: (received) => {
      if (received) clearTimeout(pongTimer);
    },
    error: (error) => report('error', { message: error.message || String(error) }),
    closed: ({ code, reason, wasClean }) => {
      clearTimeout(pongTimer);
      report('close', { code, reason: reason ?? '', clean: wasClean });
    },
  },
};
if (options.defect === 'no-retry') settings.retryAttempts = 0;
if (options.defect === 'retries-closes-alone') delete settings.shouldRetry;
if (options.defect === 'no-ack-limit') settings.connectionAckWaitTimeout = 0;
if (options.defect === 'no-pong') settings.disablePong = true;

const client = createClient(settings);

function subscribe() {
  client.subscribe(
    { query: 'subscription { ticks }' },
    {
      next: ({ data }) => report('message', { text: JSON.stringify(data) }),
      error: () => {
        if (options.defect === 'subscribes-again-after-all') setTimeout(subscribe, backoffFirst);
      },
      complete: () => {},
    },
  );
}
subscribe();
setInterval(() => {}, 60000); // an application goes on when its subscription has ended

process.on('SIGTERM', async () => {
  await client.dispose();
  process.exit(0);
});
