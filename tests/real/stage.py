"""Run the real-data stage: start the service stand-in beside the checkout and test against it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve()
SHARED = HERE.parents[2].parent / "shared"
STAGE = (
    "mutated.py",
    "reproduce.py",
    "series.py",
    "chapters.py",
    "guidance.py",
    "revisions.py",
    "cells.py",
    "findings.py",
)


def main() -> int:
    """Return the exit code of the tests; 0 with a line where there is nothing to test against."""
    if not (SHARED / "standin" / "ees_standin.py").exists():
        sys.stdout.write("real data: skipped, no shared folder beside the checkout\n")
        return 0
    command = [sys.executable, str(SHARED / "standin" / "ees_standin.py")]
    command += ["--releases", str(SHARED / "releases"), "--print-base"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as service:
        try:
            assert service.stdout is not None
            service.stdout.readline()
            bases = dict(service.stdout.readline().strip().split("=", 1) for _ in range(3))
            tests = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-s", "-o"]
            tests += ["addopts=", *(str(HERE.with_name(name)) for name in STAGE)]
            return subprocess.run(tests, env=os.environ | bases, check=False).returncode
        finally:
            service.terminate()


if __name__ == "__main__":
    sys.exit(main())
