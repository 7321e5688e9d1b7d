"""A small stand-in of the statistics service, with made-up releases and faults on demand."""
