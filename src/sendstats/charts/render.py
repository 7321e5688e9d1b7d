"""Draw images in a process of its own, so that a hanging browser can be ended with it.

Run as ``python -m sendstats.charts.render``: reads one job from standard input, writes files.
"""

from __future__ import annotations

import json
import sys
import warnings
from pathlib import Path
from typing import Any


def main() -> None:
    """Draw every picture of the job on standard input through one browser."""
    import kaleido  # noqa: PLC0415 - 0.5 s, and only this process needs it

    job: dict[str, Any] = json.load(sys.stdin)
    warnings.filterwarnings("ignore", message=".*kopts argument is ignored.*")
    kaleido.start_sync_server(n=1, path=job["browser"], mathjax=False, timeout=job["seconds"])
    try:
        for picture in job["pictures"]:
            kaleido.write_fig_sync(
                picture["figure"], path=Path(picture["path"]), opts=picture["options"]
            )
    finally:
        kaleido.stop_sync_server(silence_warnings=True)


if __name__ == "__main__":
    main()
