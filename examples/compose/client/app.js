// A client as one writes it: a heartbeat, and a loop that comes back with exponential backoff and full jitter.
'use strict';

const WebSocket = require('ws');

let delay = 100;

function connect() {
  const socket = new WebSocket(process.env.URL, { handshakeTimeout: 2000 });
  let answered = true;
  const heartbeat = setInterval(() => {
    if (socket.readyState !== WebSocket.OPEN) return;
    if (!answered) return socket.terminate();
    answered = false;
    socket.ping();
  }, 500);
  socket.on('open', () => { delay = 100; });
  socket.on('pong', () => { answered = true; });
  socket.on('error', (error) => console.log(error.message));
  socket.on('close', (code) => {
    console.log('closed', code);
    clearInterval(heartbeat);
    setTimeout(connect, delay * Math.random());
    delay = Math.min(delay * 2, 1000);
  });
}

connect();
