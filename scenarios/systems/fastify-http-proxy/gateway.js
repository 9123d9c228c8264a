// A WebSocket gateway of npm's `@fastify/http-proxy`, a WebSocket peer on both sides (`ws`). It answers the client's
// handshake first and dials the backend then.
//
//   node gateway.js LISTEN-HOST LISTEN-PORT http://UPSTREAM --response-limit=1s --close-limit=1s
'use strict';

const fastify = require('fastify');
const httpProxy = require('@fastify/http-proxy');

const units = { ms: 1, s: 1000, m: 60000 };

function milliseconds(text) {
  const [, number, unit] = /^(\d+(?:\.\d+)?)(ms|s|m)$/.exec(text);
  return Number(number) * units[unit];
}

const [host, port, upstream] = process.argv.slice(2);
const limits = {};
for (const argument of process.argv.slice(5)) {
  const [name, value] = argument.replace(/^--/, '').split('=');
  limits[name] = milliseconds(value);
}

/** Those of the handshake itself are made anew by `ws`; all others go on to the backend. */
function endToEnd(headers) {
  const own = /^(host|connection|upgrade|keep-alive|te|trailer|transfer-encoding|proxy-.*|sec-websocket-.*)$/;
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !own.test(name)));
}

const server = fastify({
  logger: { level: "warn" },
  // A request that never ends; the defaults are 60 s, looked at every 30 s.
  http: { headersTimeout: 1000, requestTimeout: 1000, connectionsCheckingInterval: 100 },
});
server.register(httpProxy, {
  upstream,
  websocket: true,
  wsServerOptions: { closeTimeout: limits['close-limit'] },
  wsClientOptions: {
    closeTimeout: limits['close-limit'],
    handshakeTimeout: limits['response-limit'], // of the way to the backend: until TCP is there, and then until its 101
    rewriteRequestHeaders: (headers, request) => ({ ...headers, ...endToEnd(request.headers) }),
  },
});
server.listen({ host, port: Number(port) });

process.on('SIGTERM', () => server.close().then(() => process.exit(0)));
