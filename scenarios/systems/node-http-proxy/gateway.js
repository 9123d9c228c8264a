// A WebSocket gateway of npm's `http-proxy`, with what its README leaves to the application: an answer where the backend
// fails, and time limits (its options `timeout` and `proxyTimeout` are not for upgrades).
//
//   node gateway.js LISTEN-HOST LISTEN-PORT http://UPSTREAM --connect-limit=1s --response-limit=2s --idle-limit=2s
'use strict';

const http = require('http');
const httpProxy = require('http-proxy');

const units = { ms: 1, s: 1000, m: 60000 };

function milliseconds(text) {
  const [, number, unit] = /^(\d+(?:\.\d+)?)(ms|s|m)$/.exec(text);
  return Number(number) * units[unit];
}

const [host, port, target] = process.argv.slice(2);
const limits = {};
for (const argument of process.argv.slice(5)) {
  const [name, value] = argument.replace(/^--/, '').split('=');
  limits[name] = milliseconds(value);
}

const proxy = httpProxy.createProxyServer({ target });
// A request that never ends is answered 408; the defaults are 60 s, looked at every 30 s.
const headLimits = { headersTimeout: 1000, requestTimeout: 1000, connectionsCheckingInterval: 100 };
const server = http.createServer(headLimits, (request, response) => proxy.web(request, response));
server.on('upgrade', (request, socket, head) => {
  socket.on('error', () => {}); // a client that resets before the backend has answered
  proxy.ws(request, socket, head);
});

proxy.on('proxyReqWs', (proxyRequest, request, client) => {
  let timer;
  const limit = (time, what) => {
    clearTimeout(timer);
    timer = setTimeout(() => proxyRequest.destroy(Object.assign(new Error(what), { status: 504 })), time);
  };
  limit(limits['connect-limit'], 'the backend cannot be reached in time');
  proxyRequest.on('socket', (socket) => {
    socket.once('connect', () => limit(limits['response-limit'], 'the backend does not answer in time'));
  });
  for (const event of ['upgrade', 'response', 'close']) proxyRequest.once(event, () => clearTimeout(timer));

  // Silence in both directions: the timer of this socket starts anew with every byte, read or written.
  const idle = (upstream) => {
    upstream.setTimeout(limits['idle-limit'], () => {
      upstream.destroy();
      client.destroy();
    });
  };
  proxyRequest.once('upgrade', (response, upstream) => setImmediate(idle, upstream)); // http-proxy's own listener: setTimeout(0)
});

proxy.on('error', (error, request, answer) => {
  console.error(`${request.url}: ${error.message}`);
  const status = error.status ?? 502;
  if (answer instanceof http.ServerResponse) {
    if (!answer.headersSent) answer.writeHead(status);
    answer.end();
  } else if (answer.bytesWritten === 0) {
    answer.end(`HTTP/1.1 ${status} ${http.STATUS_CODES[status]}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
  }
});

server.listen(Number(port), host);
