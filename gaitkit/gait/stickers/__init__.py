"""A walk seen from behind by its stickers: stances, rearfoot angle, pelvis."""
