"""Pictures for the terminal, made of characters, with and without colour."""
