"""What each command found: one frozen record a command, and the JSON of the contract.

`facts`, `planes`, `set_up`, `diagnosis` and `updates` are parts that several of them have.
"""

SCHEMA = 1
"""The version of the JSON; keys are only ever added to it."""
