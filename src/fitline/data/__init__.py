"""Where rows come from: files, globs, standard input, arrays, and the built-in four houses."""

from fitline.reading import BadRows, Reading

from .engine import Progress
from .opening import FOUR_HOUSES, Data, open_table
from .table import Table

__all__ = ["FOUR_HOUSES", "BadRows", "Data", "Progress", "Reading", "Table", "open_table"]
