"""How results look: for people, and for programs. Nothing here prints."""
