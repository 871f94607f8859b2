"""Heights, angles and the levelling block from pictures of a standing person."""
