"""Pictures made of characters, as wide as the terminal, with and without colour."""
