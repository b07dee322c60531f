"""What a command tells in a number; the reference documents these."""

ERROR, USAGE, STRICT, DIVERGED, INTERRUPTED = 1, 2, 3, 4, 130
