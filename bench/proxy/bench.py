#!/usr/bin/env python3
"""Compares `wsfault proxy` with HAProxy, nginx and Toxiproxy, side by side: `./dev bench proxy`.

In every round each proxy carries the same traffic, one after the other; figures are medians of the ratios to HAProxy in the
same round, so that what else the machine does meanwhile falls on all of them."""

import argparse
import json
import os
import pathlib
import shutil
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time

KIB = 1024
NEVER = 'message 1000000000000'


def free_port():
    with socket.socket() as probe:
        probe.bind(('127.0.0.1', 0))
        return probe.getsockname()[1]


class Process:
    """A process of the benchmark: it is gone when the benchmark is."""

    def __init__(self, arguments, **more):
        self.popen = subprocess.Popen(arguments, start_new_session=True, **more)

    def end(self):
        if self.popen.poll() is None:
            os.killpg(self.popen.pid, signal.SIGTERM)
            try:
                self.popen.wait(10)
            except subprocess.TimeoutExpired:
                os.killpg(self.popen.pid, signal.SIGKILL)
                self.popen.wait()


def wait_until_it_listens(port, process):
    due = time.monotonic() + 10
    while time.monotonic() < due:
        if process.popen.poll() is not None:
            break
        try:
            socket.create_connection(('127.0.0.1', port), 1).close()
            return
        except OSError:
            time.sleep(0.01)
    raise SystemExit(f'{process.popen.args[0]} does not listen')


class Proxy:
    def __init__(self, name, process, port, pid=None):
        self.name, self.process, self.port = name, process, port
        self.pid = pid or process.popen.pid


def wsfault(name, program, upstream, folder, *more):
    port = free_port()
    process = Process([program, 'proxy', '--upstream', f'127.0.0.1:{upstream}', '--listen', f'127.0.0.1:{port}',
                       '--control', '127.0.0.1:0', '--drain', '0', *more], stdout=subprocess.DEVNULL)
    wait_until_it_listens(port, process)
    return Proxy(name, process, port)


def haproxy(upstream, folder):
    port = free_port()
    file = folder / 'haproxy.cfg'
    file.write_text(f'''global
  nbthread 1
  maxconn 4000
defaults
  mode tcp
  option splice-auto
  timeout connect 5s
  timeout client 1h
  timeout server 1h
  timeout tunnel 1h
listen proxy
  bind 127.0.0.1:{port}
  server upstream 127.0.0.1:{upstream}
''')
    process = Process(['haproxy', '-db', '-f', str(file)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    wait_until_it_listens(port, process)
    return Proxy('haproxy', process, port)


def nginx(upstream, folder):
    module = pathlib.Path('/usr/lib/nginx/modules/ngx_stream_module.so')
    if not shutil.which('nginx') or not module.exists():
        return None
    port = free_port()
    file = folder / 'nginx.conf'
    file.write_text(f'''load_module {module};
daemon off;
master_process off;
error_log {folder}/nginx.log;
pid {folder}/nginx.pid;
events {{ worker_connections 9000; }}
stream {{ server {{ listen 127.0.0.1:{port} backlog=4096; proxy_pass 127.0.0.1:{upstream}; proxy_timeout 1h; tcp_nodelay on; }} }}
''')
    process = Process(['nginx', '-p', str(folder), '-c', str(file)], stderr=subprocess.DEVNULL)
    wait_until_it_listens(port, process)
    return Proxy('nginx', process, port)


def toxiproxy(upstream, folder):
    if not shutil.which('toxiproxy-server'):
        return None
    port, control = free_port(), free_port()
    file = folder / 'toxiproxy.json'
    file.write_text(json.dumps([{'name': 'p', 'listen': f'127.0.0.1:{port}', 'upstream': f'127.0.0.1:{upstream}', 'enabled': True}]))
    process = Process(['toxiproxy-server', '-host', '127.0.0.1', '-port', str(control), '-config', str(file)],
                      stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env={**os.environ, 'GOMAXPROCS': '1'})
    wait_until_it_listens(port, process)
    return Proxy('toxiproxy', process, port)


class Measure:
    """What is measured: the load, and which figure of it counts."""

    def __init__(self, name, mode, connections, size, figure, more_is_better, raw=False, rounds=1):
        self.name, self.mode, self.connections, self.size = name, mode, connections, size
        self.figure, self.more_is_better, self.raw, self.rounds = figure, more_is_better, raw, rounds

    def run(self, load, port, seconds):
        arguments = [load, self.mode, str(port), str(self.connections), str(self.size), str(seconds)] + (['raw'] if self.raw else [])
        done = subprocess.run(arguments, capture_output=True, text=True, timeout=seconds * 3 + 30)
        if done.returncode != 0:
            raise SystemExit(f'{" ".join(arguments)}: {done.stderr}')
        return json.loads(done.stdout)[self.figure]


def measures():
    sizes = [(64 * KIB, '64 KiB'), (1024 * KIB, '1 MiB'), (KIB, '1 KiB'), (256, '256 B')]
    for size, text in sizes:
        for connections in (1, 32):
            yield Measure(f'throughput, {text}, {connections}', 'throughput', connections, size, 'bytes_per_second', True)
    yield Measure('round trip of 64 B, p50, 1', 'pingpong', 1, 64, 'p50_us', False)
    yield Measure('round trip of 64 B, p99, 32', 'pingpong', 32, 64, 'p99_us', False)
    yield Measure('connections with upgrade', 'connect', 8, 64, 'connections_per_second', True, rounds=3)
    yield Measure('raw: throughput, 1', 'throughput', 1, 64 * KIB, 'bytes_per_second', True, raw=True)
    yield Measure('raw: round trip of 64 B, p50, 1', 'pingpong', 1, 64, 'p50_us', False, raw=True)


def memory_of(pid):
    for line in pathlib.Path(f'/proc/{pid}/smaps_rollup').read_text().splitlines():
        if line.startswith('Pss:'):
            return int(line.split()[1]) * KIB
    return 0


def idle_memory(load, proxy, connections):
    """Bytes for each further connection: those of a second half, so that what is made once does not count; nor does what a
    proxy remembers of connections that are over, which has a bound that it reaches first."""
    subprocess.run([load, 'connect', str(proxy.port), '16', '64', '15'], stdout=subprocess.DEVNULL, check=True)
    figures = []
    holders = []
    for _ in range(2):
        holder = Process([load, 'idle', str(proxy.port), str(connections // 2), '64', '0'],
                         stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        holders.append(holder)
        holder.popen.stdout.readline()
        time.sleep(0.2)
        figures.append(memory_of(proxy.pid))
    for holder in holders:
        holder.popen.stdin.close()
        holder.popen.wait(30)
    return (figures[1] - figures[0]) / (connections // 2)


def options_of(description, seconds):
    """The options that every benchmark of a proxy has; `seconds` if they do not say."""
    parser = argparse.ArgumentParser(description=description, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('--build', default='build/release', help='where wsfault and proxy_load were built')
    parser.add_argument('--rounds', type=int, default=5)
    parser.add_argument('--seconds', type=float, default=seconds, help='of each measurement')
    return parser


def programs_in(build):
    """wsfault and its load."""
    return (str(pathlib.Path(build).resolve() / name) for name in ('wsfault', 'bench/proxy_load'))


def main():
    parser = options_of(__doc__, 1.0)
    parser.add_argument('--only', action='append', help='measures whose names contain this; may be repeated')
    parser.add_argument('--proxies', help='names, separated by commas; haproxy is always one')
    parser.add_argument('--json', metavar='FILE', help='also writes every single figure there')
    options = parser.parse_args()
    program, load = programs_in(options.build)
    folder = pathlib.Path(tempfile.mkdtemp(prefix='wsfault-bench-'))
    started = []
    try:
        upstream = Process([load, 'upstream'], stdout=subprocess.PIPE, text=True)
        started.append(upstream)
        at = int(upstream.popen.stdout.readline())
        makers = {
            'haproxy': lambda: haproxy(at, folder),
            'nginx': lambda: nginx(at, folder),
            'toxiproxy': lambda: toxiproxy(at, folder),
            'wsfault (a)': lambda: wsfault('wsfault (a)', program, at, folder),
            'wsfault (b)': lambda: wsfault('wsfault (b)', program, at, folder, '--fault', '{ inject = "reset", when = "%s" }' % NEVER),
            'wsfault (c)': lambda: wsfault('wsfault (c)', program, at, folder, '--fault', '{ inject = "latency", latency = "1us" }'),
        }
        wanted = options.proxies.split(',') if options.proxies else list(makers)
        for name in wanted:
            if name not in makers:
                sys.exit(f'--proxies: there is no "{name}"; allowed: {", ".join(makers)}')
        proxies = []
        for name, make in makers.items():
            if name != 'haproxy' and name not in wanted:
                continue
            proxy = make()
            if proxy is None:
                print(f'{name}: not installed, left out', file=sys.stderr)
                continue
            started.append(proxy.process)
            proxies.append(proxy)
        chosen = [each for each in measures() if not options.only or any(part in each.name for part in options.only)]
        figures = {}
        for each in chosen:
            rounds = options.rounds * each.rounds
            found = {proxy.name: [] for proxy in proxies}
            for number in range(rounds):
                print(f'\r{each.name}: round {number + 1} of {rounds}   ', end='', file=sys.stderr)
                for proxy in proxies[number % len(proxies):] + proxies[:number % len(proxies)]:
                    found[proxy.name].append(each.run(load, proxy.port, options.seconds))
            figures[each.name] = {'figure': each.figure, 'more_is_better': each.more_is_better, 'of': found}
        if not options.only or any(part in 'memory' for part in options.only):
            figures['memory of an idle connection'] = {
                'figure': 'bytes', 'more_is_better': False,
                'of': {proxy.name: [idle_memory(load, proxy, 2000)] for proxy in proxies}}
        print('\r' + ' ' * 60 + '\r', end='', file=sys.stderr)
    finally:
        for process in reversed(started):
            process.end()
        shutil.rmtree(folder, ignore_errors=True)
    print_table([proxy.name for proxy in proxies], figures)
    if options.json:
        pathlib.Path(options.json).write_text(json.dumps(figures, indent=1) + '\n')


def print_table(names, figures):
    print('| measure | ' + ' | '.join(names) + ' |')
    print('| --- |' + ' --- |' * len(names))
    for measure, row in figures.items():
        base = row['of']['haproxy']
        cells = []
        for name in names:
            own = row['of'][name]
            ratio = statistics.median(a / b if b else float('nan') for a, b in zip(own, base))
            cells.append(f'{shown(row["figure"], statistics.median(own))}' + ('' if name == 'haproxy' else f' ({ratio:.2f} ×)'))
        print(f'| {measure} | ' + ' | '.join(cells) + ' |')


def shown(figure, value):
    if figure == 'bytes_per_second':
        return f'{value / 1e6:.0f} MB/s'
    if figure == 'connections_per_second':
        return f'{value:.0f}/s'
    if figure == 'bytes':
        return f'{value:.0f} B'
    return f'{value:.1f} µs'


if __name__ == '__main__':
    main()
