"""What published texts mean, worked out once for each distinct combination of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import polars as pl

Texts = tuple[str | None, ...]
_KNOWN, _BEGINS, _RUN = "(known)", "(begins)", "(run)"


class Lookup:
    """Columns of ours that follow from published ones.

    A file repeats a few thousand combinations of labels over many million rows, most often from
    one row to the next. So only where a row differs from the one before it anything is looked up,
    and only a combination not met before is worked out. Pieces of a file may come in any order.

    Parameters
    ----------
    columns : sequence of str
        Published columns, read as Categorical.
    ours : mapping of str to polars data type
        What follows from them.
    of : callable
        Gives ours for one combination of published texts.

    Attributes
    ----------
    met : dict
        Every combination met, with what follows from it.
    """

    def __init__(
        self,
        columns: Sequence[str],
        ours: Mapping[str, pl.DataType],
        of: Callable[[Texts], Texts],
    ) -> None:
        self.columns = list(columns)
        self.ours = dict(ours)
        self.met: dict[Texts, Texts] = {}
        self._of = of
        self._known: pl.DataFrame | None = None
        begins = pl.int_range(pl.len()) == 0
        for column in columns:
            begins |= pl.col(column).ne_missing(pl.col(column).shift())
        self._looks = [begins.alias(_BEGINS), (begins.cum_sum() - 1).alias(_RUN)]

    def __call__(self, piece: pl.DataFrame) -> pl.DataFrame:
        """Return our columns for the rows of a piece of the file."""
        keys = piece.select(*self.columns, *self._looks)
        runs = keys.filter(_BEGINS)
        known = self._known
        found = self._joined(runs, known) if known is not None else None
        if found is None or found[_KNOWN].null_count():
            # Pieces read at the same time may each learn something: what one of them forgets here
            # is only worked out again.
            new = runs if found is None else found.filter(pl.col(_KNOWN).is_null())
            self._known = known = self._learnt(new, known)
            found = self._joined(runs, known)
        if runs.height == keys.height:
            return found.select(*self.ours)
        return found.select(pl.col(*self.ours).gather(keys[_RUN]))

    def _joined(self, runs: pl.DataFrame, known: pl.DataFrame) -> pl.DataFrame:
        return runs.join(
            known, on=self.columns, how="left", maintain_order="left", nulls_equal=True
        )

    def _learnt(self, new: pl.DataFrame, before: pl.DataFrame | None) -> pl.DataFrame:
        new = new.select(self.columns).unique()
        texts = new.rows()
        follows = [self._of(text) for text in texts]
        self.met.update(zip(texts, follows, strict=True))
        plain = pl.DataFrame(follows, schema=dict.fromkeys(self.ours, pl.String), orient="row")
        known = pl.lit(value=True).alias(_KNOWN)
        casts = [pl.col(c).cast(kind, strict=False) for c, kind in self.ours.items()]
        learnt = new.hstack(plain.select(*casts, known))
        return learnt if before is None else before.vstack(learnt)
