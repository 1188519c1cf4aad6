# SPDX-License-Identifier: BSD-2-Clause
"""Kills a worker that has loaded libsegent while a program of examples/fleet runs, and checks that no picture is lost:
fleet_killed.py PROGRAM MODEL FOLDER TABLE"""
import os
import pathlib
import signal
import subprocess
import sys
import time

import pyarrow.parquet


def descendants(process: int) -> list[int]:
    found = []
    for task in pathlib.Path(f"/proc/{process}/task").glob("*/children"):
        try:
            children = [int(child) for child in task.read_text().split()]
        except OSError:
            continue
        for child in children:
            found += [child, *descendants(child)]
    return found


def has_library(process: int) -> bool:
    """Whether a process has libsegent in its memory, which a worker has from its first picture on."""
    try:
        return "/libsegent.so" in pathlib.Path(f"/proc/{process}/maps").read_text()
    except OSError:
        return False


command = [sys.executable, *sys.argv[1:]]
with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as program:
    killed = None
    while killed is None and program.poll() is None:
        killed = next((one for one in descendants(program.pid) if has_library(one)), None)
        time.sleep(0.02)
    if killed is not None:
        os.kill(killed, signal.SIGKILL)
    printed, said = program.communicate(timeout=120)
assert killed is not None and program.returncode == 0, said
table = pyarrow.parquet.read_table(sys.argv[4])
names = set(table["image"].to_pylist())
assert table.num_rows == len(names) == len(list(pathlib.Path(sys.argv[3]).iterdir())), (table.num_rows, said)
print(f"{pathlib.Path(sys.argv[1]).name}: {table.num_rows} pictures, although a worker was killed")
