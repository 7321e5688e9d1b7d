"""Processed tables on disk: one Parquet a table and release, and small side tables as CSV.

Knows tables, vintages and the data package; never plotly or HTTP.
"""
