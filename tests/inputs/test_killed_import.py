"""An import that is killed at any point is taken up by running it again, and nothing is there twice or missing."""

import os
import signal
import subprocess
import sys
from pathlib import Path

PROGRAM = Path(__file__).with_name("import_until_killed.py")
POSTS = 2_000


def start(home: Path) -> "subprocess.Popen[str]":
    environment = {key: value for key, value in os.environ.items() if not key.startswith(("HARKEN_", "COVERAGE_"))}
    return subprocess.Popen(
        [sys.executable, str(PROGRAM), str(POSTS)],
        env={**environment, "HARKEN_HOME": str(home), "DJANGO_SETTINGS_MODULE": "harken.settings"},
        stdout=subprocess.PIPE,
        text=True,
    )


def test_an_import_killed_thrice_is_whole_in_the_end(tmp_path: Path) -> None:
    told = 0
    for after in (1, 4, 30):
        running = start(tmp_path)
        assert running.stdout is not None
        for _batch in range(after):
            told = max(told, int(running.stdout.readline()))
        running.send_signal(signal.SIGKILL)
        running.communicate()
        assert running.returncode == -signal.SIGKILL
    assert told == 600
    last = start(tmp_path)
    said, _errors = last.communicate()
    assert last.returncode == 0
    _done, before, added, same, rest = said.splitlines()[-1].split(" ", 4)
    # What it called done before it was killed was there, and each post is once.
    assert int(before) >= told
    assert (int(added) + int(before), int(same)) == (POSTS, int(before))
    # Each lies in the source of what its speaker agreed to, and of each there is one.
    assert rest == f"[{POSTS}, {POSTS}, {POSTS}] 0 {{True}} 3"
