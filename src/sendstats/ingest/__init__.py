"""From raw files to tidy tables: text in, text out, with typed keys beside it.

Knows text frames, symbols, periods, places and the column registry; never the network or charts.
"""
