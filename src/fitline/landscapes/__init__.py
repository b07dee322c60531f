"""The cost over all parameters."""
