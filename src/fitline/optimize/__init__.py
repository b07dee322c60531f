"""What is minimised, how a move is made, when it ends."""
