"""One frozen record for the result of each command, and its JSON: facts without words.

`facts`, `planes`, `set_up`, `diagnosis` and `updates` are parts that several of them have.
"""

SCHEMA = 1
"""The version of the JSON; keys are only ever added to it."""
