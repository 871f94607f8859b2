"""How different the legs are in length: what every method says, and all together."""
