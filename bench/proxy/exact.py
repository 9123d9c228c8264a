#!/usr/bin/env python3
"""How exact the faults of `wsfault proxy` on time are: `./dev bench exact`.

Latency: what a round trip takes beyond the latency asked for and what it takes without a fault, in the same round. Bandwidth:
what passes in a second, of what is allowed. Medians of all rounds. A server that sleeps for as long, behind a proxy without
a fault, shows what it costs on this machine that everybody has gone to sleep meanwhile."""

import pathlib
import shutil
import statistics
import subprocess
import sys
import tempfile

from bench import Measure, Process, options_of, programs_in, wsfault

LATENCY_MS = 10
RATES = {'1 MB': 1_000_000, '10 MB': 10_000_000, '100 MB': 100_000_000}


def main():
    options = options_of(__doc__, 5.0).parse_args()
    program, load = programs_in(options.build)
    folder = pathlib.Path(tempfile.mkdtemp(prefix='wsfault-bench-'))
    started = []
    try:
        upstream = Process([load, 'upstream'], stdout=subprocess.PIPE, text=True)
        started.append(upstream)
        at = int(upstream.popen.stdout.readline())

        def proxy(name, *more):
            made = wsfault(name, program, at, folder, *more)
            started.append(made.process)
            return made

        sleeper = Process([load, 'upstream', '0', str(LATENCY_MS)], stdout=subprocess.PIPE, text=True)
        started.append(sleeper)
        slow = wsfault('server that sleeps', program, int(sleeper.popen.stdout.readline()), folder)
        started.append(slow.process)
        plain = proxy('no fault')
        late = proxy('latency', '--fault', '{ inject = "latency", latency = "%dms", direction = "to-client" }' % LATENCY_MS)
        limited = {name: proxy(name, '--fault', '{ inject = "bandwidth", rate = "%dB", direction = "to-client" }' % rate)
                   for name, rate in RATES.items()}
        beyond = {'p50_us': [], 'p99_us': []}
        asleep = {'p50_us': [], 'p99_us': []}
        passed = {name: [] for name in RATES}
        for number in range(options.rounds):
            print(f'\rround {number + 1} of {options.rounds}   ', end='', file=sys.stderr)
            for figure, found in beyond.items():
                measure = Measure(figure, 'pingpong', 1, 64, figure, False)
                expected = LATENCY_MS * 1000 + measure.run(load, plain.port, options.seconds)
                found.append(measure.run(load, late.port, options.seconds) - expected)
                asleep[figure].append(measure.run(load, slow.port, options.seconds) - expected)
            for name, rate in RATES.items():
                measure = Measure(name, 'throughput', 1, 64 * 1024, 'bytes_per_second', True)
                passed[name].append(measure.run(load, limited[name].port, options.seconds) / rate)
        print('\r' + ' ' * 30 + '\r', end='', file=sys.stderr)
    finally:
        for process in reversed(started):
            process.end()
        shutil.rmtree(folder, ignore_errors=True)
    for figure, found in beyond.items():
        print(f'latency {LATENCY_MS} ms, {figure[:3]}: {statistics.median(found) / 1000:+.2f} ms'
              f' (a server that sleeps for as long: {statistics.median(asleep[figure]) / 1000:+.2f} ms)')
    for name, found in passed.items():
        print(f'bandwidth {name}/s: {statistics.median(found) * 100:.1f} % (from {min(found) * 100:.1f} to {max(found) * 100:.1f})')


if __name__ == '__main__':
    main()
