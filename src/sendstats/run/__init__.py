"""The main job: every step in order, nothing done twice."""

from sendstats.run.job import run_all

__all__ = ["run_all"]
