"""Pictures of the person: what is blurred and what is drawn in."""
