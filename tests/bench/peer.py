# SPDX-License-Identifier: BSD-2-Clause
# Copyright (c) 2026, the libsegent authors
"""A peer as a process that loads once and answers one line with one line. Imports nothing big: the driver must not disturb."""
import collections
import json
import os
import platform
import select
import subprocess
import time

PATIENCE = 1200.0  # seconds that an answer may take on a machine that does other things as well
PAUSE = 0.3  # before each request: threads of the peer before have stopped spinning by then
TICKS = os.sysconf("SC_CLK_TCK")
OWN, CHILDREN = 11, 13  # fields of /proc/PID/stat: of the process, and of those it has waited for


class Failure(Exception):
    """A peer that cannot be measured, and why."""


class Unable(Failure):
    """What a peer cannot do with this processor or in the version that is installed: no error of anybody."""


class Peer(collections.namedtuple("Peer", "name title command environment extra maps labels network precision tells",
                                  defaults=({}, False, False, True, True, "f32", False))):
    """How to start one. `extra`: not by default; `maps`: answers to head and maps; `labels`: makes them; `network`: is all of one, in one
    process, so that its first result means something; `precision`: f32 or bf16; `tells`: answers to precision."""

    def start(self, threads, logs):
        return Process(self, threads, logs)

    def cold(self, threads, logs):
        """Process start to first result."""
        process = Process(self, threads, logs, wait=False)
        try:
            first = process.ask("run", after_ready=True)
            return dict(seconds=time.monotonic() - process.began, peak_rss_bytes=process.peak(), others=first["others"])
        finally:
            process.end()


class Process:
    def __init__(self, peer, threads, logs, wait=True):
        self.peer = peer
        self.log = os.path.join(logs, f"{peer.name}.txt")
        # OpenMP's and OpenBLAS's own ideas of a good number stay out of it, and so do other Python packages than the peer's.
        environment = dict(os.environ, OMP_NUM_THREADS=str(threads), OPENBLAS_NUM_THREADS=str(threads))
        for name in ("SEGENT_CPU", "OPENBLAS_CORETYPE", "PYTHONPATH"):
            environment.pop(name, None)
        environment.update(peer.environment)
        command = [part.replace("{threads}", str(threads)) for part in peer.command]
        time.sleep(PAUSE)
        self.began = time.monotonic()
        with open(self.log, "w") as log:
            self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=log, env=environment,
                                            bufsize=0)
        self.pending, self.told_peak = b"", 0
        self.ready = self.answer() if wait else None

    def ask(self, request, after_ready=False):
        """The answer, with the processor seconds that it took the peer and the share of the processors that others used meanwhile."""
        if not after_ready:
            time.sleep(PAUSE)
        before, start = self.counters(), time.monotonic()
        try:
            self.process.stdin.write(request.encode() + b"\n")
        except BrokenPipeError:
            pass  # the answer tells why
        if after_ready:
            self.ready = self.answer()
        answer = self.answer()
        after, seconds = self.counters(), time.monotonic() - start
        own, busy = (max(0.0, b - a) for a, b in zip(before, after))
        self.told_peak = max(self.told_peak, answer.get("peak_rss_bytes", 0))
        answer.update(processor_seconds=own, others=max(0.0, busy - own) / (seconds * os.cpu_count()))
        return answer

    def answer(self):
        deadline = time.monotonic() + PATIENCE
        while b"\n" not in self.pending:
            readable, _, _ = select.select([self.process.stdout], [], [], max(0.0, deadline - time.monotonic()))
            chunk = os.read(self.process.stdout.fileno(), 65536) if readable else b""
            if not chunk:
                self.fail("no answer in time" if not readable else "it ended")
            self.pending += chunk
        line, self.pending = self.pending.split(b"\n", 1)
        values = json.loads(line)
        if "unable" in values:
            self.end()
            raise Unable(values["unable"])
        if "failed" in values:
            self.fail(values["failed"])
        return values

    def fail(self, reason):
        self.end()
        with open(self.log) as log:
            last = log.read().strip().splitlines()[-1:]
        raise Failure("; ".join([reason] + last))

    def counters(self):
        """Processor seconds so far: of the peer and the programs that it ran, and of everything on this machine (a hypervisor's other guests
        included)."""
        own = thread_seconds(self.process.pid) + ticked_seconds(self.process.pid, CHILDREN)
        with open("/proc/stat") as file:
            user, nice, system, _, _, irq, softirq, steal = (int(v) for v in file.readline().split()[1:9])
        return own, (user + nice + system + irq + softirq + steal) / TICKS

    def peak(self):
        """The most memory that was resident at once, in bytes: of the process, or what it tells of the programs that it ran."""
        try:
            with open(f"/proc/{self.process.pid}/status") as file:
                return max(self.told_peak, next((int(line.split()[1]) * 1024 for line in file if line.startswith("VmHWM:")), 0))
        except OSError:
            return self.told_peak

    def end(self):
        """Ends the process and returns its peak memory."""
        peak = self.peak()
        try:
            self.process.stdin.write(b"quit\n")
        except (BrokenPipeError, ValueError):
            pass
        try:
            self.process.wait(30)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.process.stdin.close()
        self.process.stdout.close()
        return peak


def thread_seconds(pid):
    """Processor seconds of all threads that a process has, to the nanosecond where the system counts so finely."""
    total = 0.0
    try:
        for thread in os.listdir(f"/proc/{pid}/task"):
            with open(f"/proc/{pid}/task/{thread}/schedstat") as file:
                total += int(file.read().split()[0]) * 1e-9
        return total
    except (OSError, IndexError, ValueError):
        return ticked_seconds(pid)


def ticked_seconds(pid, first=OWN):
    """User and system seconds from /proc/PID/stat, from the field `first` behind the name on."""
    try:
        with open(f"/proc/{pid}/stat") as file:
            fields = file.read().rsplit(")", 1)[1].split()
        return (int(fields[first]) + int(fields[first + 1])) / TICKS
    except (OSError, IndexError):
        return 0.0


def run_once(command):
    time.sleep(PAUSE)
    return json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout)


def into_page_cache(folder):
    for name in os.listdir(folder):
        with open(os.path.join(folder, name), "rb", buffering=0) as file:
            while file.read(1 << 22):
                pass


def first_line(path, prefix=""):
    try:
        with open(path) as file:
            return next((line.split(":", 1)[-1].strip() if prefix else line.strip() for line in file if line.startswith(prefix)), "")
    except OSError:
        return ""


def machine():
    return dict(processor=first_line("/proc/cpuinfo", "model name") or platform.machine(), architecture=platform.machine(),
                processors=len(os.sched_getaffinity(0)), memory=first_line("/proc/meminfo", "MemTotal"),
                kernel=platform.release(), huge_pages=first_line("/sys/kernel/mm/transparent_hugepage/enabled"),
                load_average=os.getloadavg()[0], time=time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()))
