"""What the publisher changed in a release after it came out, each change of its own kind."""

from __future__ import annotations

from collections.abc import Iterator

from sendstats.series.revisions import SHOWN, readable, summary, titled
from sendstats.store.tables import Store
from sendstats.store.vintages import changes, from_store

#: How many changes of one release are named; the rest are counted.
NAMED = 5


def amended(old: Store, new: Store) -> Iterator[str]:
    """Yield a line for each release whose files were replaced, and its first few changes.

    Parameters
    ----------
    old, new : Store
        The stored tables before and after. A table that was an extract before is compared in what
        the extract held.
    """
    before = {(s.publication, s.release, s.table): s.sha256 for s in old.sources}
    after = {(s.publication, s.release, s.table): s.sha256 for s in new.sources}
    replaced = {key for key in before.keys() & after.keys() if before[key] != after[key]}
    for publication, release in sorted({key[:2] for key in replaced}):
        sides = [
            {t: h for t, h in held.items() if (publication, release, t) in replaced}
            for held in (from_store(store, publication, release) for store in (old, new))
        ]
        found = changes(*sides)
        yield f"release {release} was amended: {summary(found).split(': ')[-1]}"
        for row in readable(titled(found.head(NAMED))).select(SHOWN[:10]).iter_rows():
            yield "  " + " ".join(str(cell) for cell in row if cell)
        if found.height > NAMED:
            yield f"  and {found.height - NAMED:,} more"
