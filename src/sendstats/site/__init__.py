"""Pages, embeds and downloads: plain HTML that needs nobody's server."""

from sendstats.site.export import Export, export
from sendstats.site.index import write_index

__all__ = ["Export", "export", "write_index"]
