"""The clinic archive: every old recording assessed once, kept, and asked questions.

``walk`` finds what is there, ``journal`` knows what became of it, ``engine`` has it
done by worker processes, ``store`` keeps the results as Parquet that pandas and duckdb
read without gaitkit. Nothing that names a person enters the store: subjects are
pseudonyms by a key that lies outside it, and so does the register of file names.
"""
