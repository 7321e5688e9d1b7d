"""Time of what a reader waits for; run by `make bench`, judged by nobody."""

import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
MAIN = "from sendstats.cli import main; main()"
STEPS = {
    "import sendstats": ["-c", "import sendstats"],
    "one series": ["-c", "import sendstats as ss; ss.series('plans.caseload', place='all')"],
    "one chart": ["-c", "import sendstats as ss; ss.chart(ss.series('plans.caseload')).spec()"],
    "main job, first": ["-c", MAIN, "run", "--offline"],
    "main job, again": ["-c", MAIN, "run", "--offline"],
}


def main():
    with tempfile.TemporaryDirectory() as home:
        shutil.copytree(ROOT / "data" / "processed", Path(home, "data", "processed"))
        shutil.copytree(ROOT / "notebooks", Path(home, "notebooks"))
        for name, words in STEPS.items():
            begin = time.perf_counter()
            subprocess.run(
                [sys.executable, *words],
                env=os.environ | {"SENDSTATS_HOME": home},
                check=True,
                stdout=subprocess.DEVNULL,
            )
            sys.stdout.write(f"{name:<18}{time.perf_counter() - begin:8.2f} s\n")


if __name__ == "__main__":
    main()
