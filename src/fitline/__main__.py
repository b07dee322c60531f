"""Run `python -m fitline`."""

from .cli import main

main()
