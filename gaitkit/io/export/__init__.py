"""Results as files: JSON, CSV, Parquet, Excel and keypoint formats.

Every writer takes the typed result and a path, and the file appears whole or not at
all (``io.atomic``). Nothing here computes.
"""
