"""``python -m sendstats`` is the command line."""

from sendstats.cli import main

if __name__ == "__main__":
    main()
