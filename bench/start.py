"""With the sample process: the time `harken serve` takes to its first answer, and its memory."""

from __future__ import annotations

import http.client
import statistics
import subprocess
import sys

from bench.figures import Figure, Result
from bench.served import memory_of, serve

N = 5
PAGES = 200


def ask_pages(port: int) -> None:
    """Ask for the home page as often as it takes for memory to settle."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    for _ in range(PAGES):
        connection.request("GET", "/")
        connection.getresponse().read()
    connection.close()


def measure() -> Result:
    subprocess.run([sys.executable, "-m", "harken", "demo", "load"], check=True, stdout=subprocess.DEVNULL)
    serving, demonstrating, fresh, settled = [], [], [], []
    with serve():
        pass  # the first start compiles and collects; it is not what a second one costs
    for _ in range(N):
        with serve() as served:
            serving.append(served.seconds_to_answer)
            fresh.append(memory_of(served.pid))
            ask_pages(served.port)
            settled.append(memory_of(served.pid))
        with serve(command=("demo",)) as served:
            demonstrating.append(served.seconds_to_answer)
    figures = (
        Figure("harken serve to its first answer", statistics.median(serving), "s"),
        Figure("harken demo, second run, to its first answer", statistics.median(demonstrating), "s"),
        Figure("memory of web and worker at the start", statistics.median(fresh), "MB"),
        Figure(f"memory of web and worker after {PAGES} pages", statistics.median(settled), "MB"),
    )
    return Result(figures, N, ("Memory is proportional set size of the command and all it starts.",))
