"""Choose, compare, change, share: figures that keep their meaning. Knows no file layout's look."""
