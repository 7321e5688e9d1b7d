"""Charts: one theme, a few kinds, and every chart with its own credentials."""

from sendstats.charts.kinds import chart
from sendstats.charts.model import Chart
from sendstats.charts.parts import ChartNote, Drawn

__all__ = ["Chart", "ChartNote", "Drawn", "chart"]
