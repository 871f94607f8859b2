"""Round stickers on the skin: found to a fraction of a pixel, followed, named."""
