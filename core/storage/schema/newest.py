"""Writes the schema that all steps together come to, for databases that are new: newest.py OUT STEP...

It is what SQLite itself says after the steps, so that a database which went through them one by one is the same
(tests/core/storage/migrate_test.cpp). Nothing is altered on the way: a new database is made in one transaction, and
in a fifth of the time.
"""

import pathlib
import sqlite3
import sys


def main() -> None:
    out, *steps = sys.argv[1:]
    database = sqlite3.connect(":memory:")
    for step in steps:
        database.executescript(pathlib.Path(step).read_text(encoding="utf-8"))
    made = database.execute("SELECT type, name, sql FROM sqlite_schema WHERE sql IS NOT NULL ORDER BY rowid").fetchall()
    made = [row for row in made if not row[1].startswith("sqlite_")]
    text = [sql for _, _, sql in made]
    for kind, table, _ in made:
        if kind != "table":
            continue
        columns = [name for _, name, *_ in database.execute(f'PRAGMA table_info("{table}")')]
        names = ", ".join(f'"{name}"' for name in columns)
        quoted = " || ', ' || ".join(f'quote("{name}")' for name in columns)
        for (values,) in database.execute(f'SELECT {quoted} FROM "{table}"'):
            text.append(f'INSERT INTO "{table}" ({names}) VALUES ({values})')
    pathlib.Path(out).write_text("".join(f"{sql};\n" for sql in text), encoding="utf-8")


main()
