#!/usr/bin/env python3
"""What `wsfault upstream` serves: `./dev bench upstream`.

Echoes of 64 bytes, beside a bare epoll loop that does nothing else and, where it is installed, a server on Node's ws: with
one message of each connection under way, and with several. Medians of the ratios to the bare loop in the same round. Then
20,000 connections, with the descriptors that a process may open here."""

import json
import os
import pathlib
import shutil
import statistics
import subprocess
import sys
import threading
import time

from bench import KIB, Process, memory_of, options_of, programs_in

LOADS = [(1, 1), (32, 1), (32, 4), (32, 16), (256, 16)]  # connections, messages of each under way
IDLE = 20_000
MOST_OF_ONE = 5_000  # that one process of the load opens
SYSTEMS = pathlib.Path(__file__).resolve().parents[2] / 'scenarios/systems'
NODE_WS = '''
const { WebSocketServer } = require('ws');
const server = new WebSocketServer({ port: 0, host: '127.0.0.1', perMessageDeflate: false }, () => console.log(server.address().port));
server.on('connection', socket => socket.on('message', (data, binary) => socket.send(data, { binary })));
'''


def echoes(load, port, connections, window, seconds):
    arguments = [load, 'echo', str(port), str(connections), '64', str(seconds), str(window)]
    done = subprocess.run(arguments, capture_output=True, text=True, timeout=seconds * 3 + 30, check=True)
    return json.loads(done.stdout)['messages_per_second']


def started(arguments, **more):
    """A server that says its port, last in its first line."""
    process = Process(arguments, stdout=subprocess.PIPE, text=True, **more)
    port = int(process.popen.stdout.readline().strip().rsplit(':', 1)[-1])
    # It tells of each connection; a pipe that nobody reads would stop it.
    threading.Thread(target=shutil.copyfileobj, args=(process.popen.stdout, open(os.devnull, 'w')), daemon=True).start()
    return process, port


def hold(program, load):
    upstream, port = started([program, 'upstream', '--connections', str(IDLE)])
    holders = []
    try:
        children = pathlib.Path(f'/proc/{upstream.popen.pid}/task/{upstream.popen.pid}/children')
        pids = [int(each) for each in children.read_text().split()] or [upstream.popen.pid]
        time.sleep(0.2)
        before = sum(memory_of(each) for each in pids)
        for _ in range(IDLE // MOST_OF_ONE):
            holders.append(Process([load, 'idle', str(port), str(MOST_OF_ONE), '64', '0'], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True))
            json.loads(holders[-1].popen.stdout.readline())
        each = (sum(memory_of(pid) for pid in pids) - before) / IDLE
        print(f'{IDLE} connections: {len(pids)} processes, {each / KIB:.1f} KiB a connection')
    finally:
        for process in (*holders, upstream):
            process.end()


def main():
    options = options_of(__doc__, 2.0).parse_args()
    program, load = programs_in(options.build)
    servers = {}
    try:
        servers['bare loop'] = started([load, 'upstream'])
        servers['wsfault upstream'] = started([program, 'upstream'])
        if shutil.which('node') and (SYSTEMS / 'node_modules/ws').exists():
            servers['Node ws'] = started(['node', '-e', NODE_WS], cwd=SYSTEMS)
        found = {(name, *each): [] for name in servers for each in LOADS}
        for number in range(options.rounds):
            print(f'\rround {number + 1} of {options.rounds}   ', end='', file=sys.stderr)
            for name, (_, port) in servers.items():
                for each in LOADS:
                    found[(name, *each)].append(echoes(load, port, *each, options.seconds))
        print('\r' + ' ' * 30 + '\r', end='', file=sys.stderr)
    finally:
        for process, _ in servers.values():
            process.end()
    for connections, window in LOADS:
        bare = found[('bare loop', connections, window)]
        line = f'{connections} connections, {window} under way: bare loop {statistics.median(bare):,.0f}/s'
        for name in list(servers)[1:]:
            own = found[(name, connections, window)]
            ratio = statistics.median(one / other for one, other in zip(own, bare))
            line += f'; {name} {statistics.median(own):,.0f}/s ({ratio:.2f} ×)'
        print(line)
    hold(program, load)


if __name__ == '__main__':
    main()
