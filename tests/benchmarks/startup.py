"""Whole-process CPU time of our commands against a one-command Typer hello-world, paired A B A B.

Run it from the repository's root: `python -m tests.benchmarks.startup [rounds]`. Prints medians and ratios; the bars
are those of the README's figures.
"""

from __future__ import annotations

import os
import pty
import statistics
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from pathlib import Path

from tests.benchmarks.figures import Figure, show

HELLO = '''\
import typer

app = typer.Typer()


@app.command()
def hello(name: str = "World") -> None:
    """Say hello."""
    print(f"Hello {name}")


app()
'''
NEEDS = ["--async", "must", "--docs", "must", "--scale", "large"]
ADVISOR = [sys.executable, "-m", "advisor"]
COMPILED = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
"""Our environment, with compiled modules kept as an installed package has them."""
BARS = {"json": 1.15, "text": 1.5, "help": 1.3, "first question": 1.4, "version": 1.15}


def cpu(command: list[str], **environment: str) -> float:
    """Return user and system time of one process, in milliseconds."""
    process = subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env=COMPILED | environment,
    )
    _pid, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    return (usage.ru_utime + usage.ru_stime) * 1000


def first_question(command: list[str]) -> float:
    """Return the CPU time of a session that is quit at its first prompt, in a pseudo-terminal."""
    main, side = pty.openpty()
    process = subprocess.Popen(command, stdin=side, stdout=side, stderr=side, close_fds=True, env=COMPILED)
    os.close(side)
    os.write(main, b"quit\n")

    def drain() -> None:
        try:
            while os.read(main, 4096):
                pass
        except OSError:
            return

    reader = threading.Thread(target=drain)
    reader.start()
    _pid, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    reader.join()
    os.close(main)
    return (usage.ru_utime + usage.ru_stime) * 1000


def measure(rounds: int) -> dict[str, list[float]]:
    """Take turns: hello-world, then each of ours, round after round."""
    with tempfile.TemporaryDirectory() as folder:
        hello = Path(folder) / "hello.py"
        hello.write_text(HELLO)
        measured: dict[str, list[float]] = {name: [] for name in ("hello", "hello help", *BARS)}
        for turn in range(rounds + 1):
            taken = {
                "hello": cpu([sys.executable, str(hello)]),
                "hello help": cpu([sys.executable, str(hello), "--help"]),
                "json": cpu([*ADVISOR, "recommend", *NEEDS, "--format", "json"]),
                "text": cpu([*ADVISOR, "recommend", *NEEDS], FORCE_COLOR="1"),
                "help": cpu([*ADVISOR, "--help"]),
                "version": cpu([*ADVISOR, "--version"]),
                "first question": first_question([*ADVISOR, "ask"]),
            }
            if turn:  # the first round warms the caches
                for name, value in taken.items():
                    measured[name].append(value)
    return measured


def figures(rounds: int = 15) -> Iterator[Figure]:
    """Measure, as medians and as ratios to the hello-world."""
    medians = {name: statistics.median(values) for name, values in measure(rounds).items()}
    for name, value in medians.items():
        yield Figure(f"start-up: {name}", value, "ms")
        if name in BARS:
            yield Figure(f"start-up: {name} against hello", value / medians["hello"], "×", BARS[name])


def main() -> None:
    """Measure and print."""
    show(figures(*map(int, sys.argv[1:])))


if __name__ == "__main__":
    main()
