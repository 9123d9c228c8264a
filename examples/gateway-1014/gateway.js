// A gateway for WebSockets that tells each side what became of the other: 502 and 504 as long as HTTP can still say it,
// Close 1014 afterwards. Every Close code and reason goes on as it came, in both directions.
//
//   node gateway.js gateway.json
'use strict';

const fs = require('fs');
const http = require('http');
const net = require('net');
const WebSocket = require('ws');

const units = { ms: 1, s: 1000, m: 60000 };
const tooMuch = 256 * 1024; // bytes that wait for a slow reader; until they are sent, nothing more is read for it
const hopByHop = /^(connection|upgrade|keep-alive|te|trailer|transfer-encoding|proxy-.*|sec-websocket-.*)$/i;

function readConfig() {
  const config = JSON.parse(fs.readFileSync(process.argv[2], 'utf8'));
  for (const [name, text] of Object.entries(config.limits)) {
    const [, number, unit] = /^(\d+(?:\.\d+)?)(ms|s|m)$/.exec(text);
    config.limits[name] = Number(number) * units[unit];
  }
  return config;
}

let config = readConfig();
const dialling = new Set(); // functions that answer those clients whose upstream has not
const pairs = new Set(); // { client, upstream }: open on both sides

/** [name, value, name, value, …] without what belongs to one connection. */
function endToEnd(raw) {
  const kept = [];
  for (let i = 0; i < raw.length; i += 2) if (!hopByHop.test(raw[i])) kept.push([raw[i], raw[i + 1]]);
  return kept;
}

// --- before the 101

const wss = new WebSocket.Server({
  noServer: true,
  closeTimeout: config.limits.close,
  handleProtocols: (offered, request) => request.upstream.protocol || false,
});
wss.on('headers', (lines, request) => lines.push(...request.upstreamHeaders.map(([name, value]) => `${name}: ${value}`)));

const server = http.createServer({ headersTimeout: 1000, requestTimeout: 1000, connectionsCheckingInterval: 100 }, (request, response) => {
  response.writeHead(426, { Upgrade: 'websocket', Connection: 'Upgrade' }).end('This is a WebSocket gateway.\n');
});

server.on('upgrade', (request, socket, head) => {
  const { limits } = config;
  let timer;
  let upstream;
  let joined = false;

  /** The answer of a handshake that fails; with a body, `response` is the upstream's own. */
  function answer(status, response) {
    if (!dialling.delete(answer)) return;
    const headers = response ? endToEnd(response.rawHeaders) : [['Content-Length', 0]];
    const lines = [...headers, ['Connection', 'close']].map(([name, value]) => `${name}: ${value}\r\n`);
    socket.once('finish', () => socket.destroy());
    socket.write(`HTTP/1.1 ${status} ${response?.statusMessage ?? http.STATUS_CODES[status]}\r\n${lines.join('')}\r\n`);
    if (response) response.pipe(socket);
    else socket.end();
  }
  function wait(time) {
    clearTimeout(timer);
    timer = setTimeout(() => {
      answer(504);
      upstream.terminate();
      socket.end(); // where the upstream's answer stuck in the middle
    }, time);
  }

  dialling.add(answer);
  socket.on('error', () => {}); // 'close' follows
  socket.once('close', () => {
    clearTimeout(timer);
    dialling.delete(answer);
    if (!joined) upstream?.close(1001); // the client did not wait, or has another answer than the 101
  });
  try {
    const headers = {};
    for (const [name, value] of endToEnd(request.rawHeaders)) (headers[name] ??= []).push(value);
    const offered = request.headers['sec-websocket-protocol']?.split(',').map((name) => name.trim()) ?? [];
    upstream = new WebSocket(config.upstream + request.url, offered, {
      headers,
      perMessageDeflate: false,
      closeTimeout: limits.close,
      createConnection: (options) => net.connect(options).once('connect', () => wait(limits.response)),
    });
  } catch {
    return answer(400); // a subprotocol or a path that is none
  }
  wait(limits.connect);
  upstream.on('upgrade', (response) => (request.upstreamHeaders = endToEnd(response.rawHeaders)));
  upstream.on('unexpected-response', (_, response) => {
    if (response.statusCode === 101) answer(502); // one that names no protocol
    else answer(response.statusCode, response);
  });
  upstream.on('error', () => answer(502));
  upstream.on('open', () => {
    clearTimeout(timer);
    if (!dialling.delete(answer)) return upstream.close(1001);
    request.upstream = upstream;
    wss.handleUpgrade(request, socket, head, (client) => {
      joined = true;
      join(client, upstream);
    });
  });
});

// --- behind the 101

function join(client, upstream) {
  const pair = { client, upstream };
  pair.idle = setTimeout(() => part(pair, 1001, 'idle for too long'), config.limits.idle);
  pairs.add(pair);
  relay(upstream, client, pair, 1014, 'the upstream broke the connection');
  relay(client, upstream, pair, 1001, 'the client broke the connection');
}

/** The gateway's own wish: the client learns why, the upstream that its client goes. */
function part({ client, upstream }, code, reason) {
  client.close(code, reason);
  upstream.close(1001, reason);
}

/** Of what `from` says all goes to `to`; where it ends without a Close, or with an illegal one, `to` gets `code`. */
function relay(from, to, pair, code, reason) {
  from.unanswered = 0;
  from.on('pong', () => (from.unanswered = 0));
  from.on('ping', () => pair.idle.refresh());
  from.on('message', (data, binary) => {
    from.unanswered = 0;
    pair.idle.refresh();
    to.send(data, { binary }, () => to.bufferedAmount < tooMuch && from.resume());
    if (to.bufferedAmount >= tooMuch) from.pause();
  });
  from.on('error', (error) => console.error(`${code === 1014 ? 'upstream' : 'client'}: ${error.message}`));
  from.on('close', (received, itsReason) => {
    clearTimeout(pair.idle);
    pairs.delete(pair);
    to.resume(); // or its own Close would never be read
    if (received === 1006) to.close(code, reason); // no Close came; `ws` refuses the codes that may not be in one
    else if (received === 1005) to.close(); // an empty one
    else to.close(received, itsReason);
  });
}

/** Pings both sides; the one that left its pings unanswered for the limit is dead. Counted, so that a pause of this process
 *  is nobody's death. A side that is not read at the moment cannot answer. */
function heartbeat() {
  const { limits } = config;
  for (const ws of [...pairs].flatMap(({ client, upstream }) => [client, upstream])) {
    if (ws.readyState !== WebSocket.OPEN || ws.isPaused) continue;
    if (ws.unanswered * limits.heartbeat > limits.pong) ws.terminate();
    else ws.ping(() => {});
    ws.unanswered += 1;
  }
  setTimeout(heartbeat, limits.heartbeat).unref();
}

process.on('SIGHUP', () => {
  try {
    config = readConfig(); // for those who come from now on
  } catch (error) {
    return console.error(`the old configuration stays: ${error.message}`);
  }
  const old = [...pairs];
  setTimeout(() => old.forEach((pair) => part(pair, 1012, 'service restart')), config.limits.drain);
});

process.on('SIGTERM', () => {
  server.close();
  for (const answer of [...dialling]) answer(503);
  for (const pair of pairs) part(pair, 1001, 'going away');
  setTimeout(() => process.exit(0), 2 * config.limits.close).unref();
});

const [, host, port] = /^(.*):(\d+)$/.exec(config.listen);
server.listen(Number(port), host, heartbeat);
