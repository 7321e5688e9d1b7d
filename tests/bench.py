"""Time and memory of what a reader waits for; run by `make bench`, judged by nobody.

Ratios are of medians of five, taken in turns in one run, so that a busy machine is busy for both
sides. With a number of rows as its only word the file of pupils by ethnic group is that long
instead of 12.6 million rows.
"""

import os
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pandas as pd
import polars as pl

import ethnicity
import sendstats as ss
from sendstats.catalogue.series import entries, entry
from sendstats.catalogue.tables import table
from sendstats.errors import SendstatsError
from sendstats.ingest.checks import IDENTITY
from sendstats.ingest.table import ingest_to
from sendstats.paths import project
from sendstats.receipts import sha256_of
from sendstats.store.ingested import ingested, planned

ROOT = Path(__file__).resolve().parents[1]
MAIN = "from sendstats.cli import main; main()"
STEPS = {
    "import sendstats": ["-c", "import sendstats"],
    "one chart": ["-c", "import sendstats as ss; ss.chart(ss.series('plans.caseload')).spec()"],
    "main job, first": ["-c", MAIN, "run", "--offline"],
    "main job, again": ["-c", MAIN, "run", "--offline"],
}
RUNS = 5
EHC = "education-health-and-care-plans"


def say(what, found):
    sys.stdout.write(f"{what:<58}{found}\n")
    sys.stdout.flush()


def timed(work):
    """Seconds that a work takes: by the clock, and of all processors together."""
    begin, busy = time.perf_counter(), time.process_time()
    work()
    return time.perf_counter() - begin, time.process_time() - busy


def in_turns(*works):
    """The median seconds of each of several works, done one after the other, five times."""
    runs = [[timed(work) for work in works] for _ in range(RUNS)]
    return [median(run[i] for run in runs) for i in range(len(works))]


def median(times):
    return tuple(statistics.median(t) for t in zip(*times, strict=True))


def ratio(one, other):
    return f"{one[0] / other[0]:.2f} (processor time: {one[1] / other[1]:.2f})"


def jobs():
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
            say(name, f"{time.perf_counter() - begin:.2f} s")


def one_series():
    """A series of every place and year, once the tables that it reads are in memory."""

    def asked(definition):
        options = {"place": "all"}
        if definition.bases:
            options["basis"] = definition.bases[0]
        if definition.dimension:
            options["placement"] = "mainstream"
        return lambda: ss.series(definition.id, **options)

    first = timed(asked(entry("plans.caseload")))[0]
    say("one series, all places and years, first in a process", f"{1000 * first:.0f} ms")
    (again,) = in_turns(asked(entry("plans.caseload")))
    whole = [e for e in entries().values() if not e.needs_topic and answers(asked(e))]
    times = dict(zip([e.id for e in whole], in_turns(*map(asked, whole)), strict=True))
    say(
        "one series, all places and years, again (limit 10 ms)",
        f"{1000 * again[0]:.1f} ms",
    )
    tried(again[0] <= 0.010)
    slowest = max(times, key=times.__getitem__)
    say(
        f"  the middle of {len(whole)} series in turn, and the slowest",
        f"{1000 * statistics.median(t for t, _ in times.values()):.1f} ms, "
        f"{1000 * times[slowest][0]:.1f} ms ({slowest})",
    )


def answers(work):
    """Whether the committed tables hold a series; some are in the store of every row alone."""
    try:
        work()
    except SendstatsError:
        return False
    return True


def real_files():
    """Normalise every EHC file held, against reading it as text and a plain melt."""
    plan = [p for p in planned(project().raw) if p.receipt.publication == EHC]
    paths = sorted({p.receipt.path(project().raw) for p in plan})
    if not paths:
        say("all EHC files", "skipped: no raw files")
        return
    size = sum(path.stat().st_size for path in paths) / 1e6
    say("EHC files", f"{len(paths)}, {size:.0f} MB, as {len(plan)} tables")
    with tempfile.TemporaryDirectory() as folder:

        def normalised():
            for _ in ingested(project().raw, plan, Path(folder)):
                pass

        def read():
            for path in paths:
                pl.read_csv(path, infer_schema=False, truncate_ragged_lines=True)

        def melted():
            for path in paths:
                frame = pd.read_csv(path, dtype=str, encoding="utf-8-sig")
                long = frame.melt(id_vars=[c for c in frame.columns if c in IDENTITY])
                long["number"] = pd.to_numeric(long["value"], errors="coerce")

        normalised()
        ours, theirs, plain = in_turns(normalised, read, melted)
    say("normalise all EHC files", f"{ours[0]:.2f} s")
    say("  against read_csv as text (limit 4)", ratio(ours, theirs))
    say("  a plain pandas melt against it (at least 10)", ratio(plain, ours))
    tried(ours[0] <= 4 * theirs[0] and plain[0] >= 10 * ours[0])


def tried(reached):
    """Where a figure is missed, say where it is told what was tried."""
    if not reached:
        say("  missed; what was tried is told in", "docs/decisions/0018-one-parse-for-a-file.md")


def large_file(rows):
    """Normalise a file of many million rows, each time in a process of its own."""
    with tempfile.TemporaryDirectory() as folder:
        whole = ethnicity.write(Path(folder, "whole.csv"), rows)
        half = ethnicity.write(Path(folder, "half.csv"), rows // 2)
        say(f"file of {rows:,} rows and 20 columns", f"{whole.stat().st_size / 1e9:.2f} GB")
        runs = [
            [apart("scan", whole), apart("ingest", whole), apart("ingest", half)]
            for _ in range(RUNS)
        ]
        scan, ours, less = (median(r[i][0] for r in runs) for i in range(3))
        alone = apart("ingest", whole, POLARS_MAX_THREADS="1")
        both = apart("ingest", whole, POLARS_MAX_THREADS="2")
    peak = max(r[1][1] for r in runs)
    say("normalise it", f"{ours[0]:.1f} s")
    say("  against a streaming text scan (limit 3)", ratio(ours, scan))
    tried(ours[0] <= 3 * scan[0])
    say("  peak memory (limit 1.2 GB)", f"{peak / 1e9:.2f} GB")
    say("  half the rows against it (0.5, give or take a fifth)", ratio(less, ours))
    say("  bytes with one thread and two", "the same" if alone[2] == both[2] else "DIFFER")


def apart(work, path, **settings):
    """Both times, peak bytes and digest of one work on one file in a process of its own."""
    words = [sys.executable, __file__, work, str(path)]
    done = subprocess.run(
        words, env=os.environ | settings, check=True, capture_output=True, text=True
    )
    clock, busy, peak, digest = done.stdout.split()
    return (float(clock), float(busy)), int(peak), digest


def one(work, path):
    """Do one work in this process and print what `apart` reads."""
    target = path.with_suffix(".parquet")
    meant = table(ethnicity.TABLE)
    works = {
        "scan": lambda: (
            pl.scan_csv(path, infer_schema=False)
            .select(pl.all().count())
            .collect(engine="streaming")
        ),
        "ingest": lambda: ingest_to(path, meant, ethnicity.RELEASE, target),
    }
    clock, busy = timed(works[work])
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    digest = sha256_of(target) if target.exists() else "-"
    sys.stdout.write(f"{clock} {busy} {peak} {digest}\n")


def main():
    if len(sys.argv) == 3:
        one(sys.argv[1], Path(sys.argv[2]))
        return
    one_series()
    real_files()
    large_file(int(sys.argv[1]) if len(sys.argv) > 1 else ethnicity.ROWS)
    jobs()


if __name__ == "__main__":
    main()
