"""Why a training went wrong, which change helps, and which rate to take."""
