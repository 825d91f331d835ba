"""The full-text index, as a table of the database's own kind. Nothing in it is lost: `manage.py search rebuild`."""

from django.db import migrations

SQLITE = (
    "CREATE VIRTUAL TABLE search_index USING fts5(title, body, tokenize = 'ascii')",
    "CREATE TRIGGER search_index_entry_gone AFTER DELETE ON search_entry"
    " BEGIN DELETE FROM search_index WHERE rowid = old.id; END",
)
UNDO_SQLITE = ("DROP TRIGGER search_index_entry_gone", "DROP TABLE search_index")
POSTGRESQL = (
    "CREATE TABLE search_index ("
    " entry_id bigint NOT NULL REFERENCES search_entry (id) ON DELETE CASCADE,"
    " number integer NOT NULL, vector tsvector NOT NULL, PRIMARY KEY (entry_id, number))",
    "CREATE INDEX search_index_vector ON search_index USING gin (vector)",
)
UNDO_POSTGRESQL = ("DROP TABLE search_index",)


def create(apps, schema_editor):
    _execute(schema_editor, {"sqlite": SQLITE, "postgresql": POSTGRESQL})


def drop(apps, schema_editor):
    _execute(schema_editor, {"sqlite": UNDO_SQLITE, "postgresql": UNDO_POSTGRESQL})


def _execute(schema_editor, statements):
    for statement in statements[schema_editor.connection.vendor]:
        schema_editor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [("search", "0001_initial")]
    operations = [migrations.RunPython(create, drop)]
