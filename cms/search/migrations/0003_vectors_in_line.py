"""On PostgreSQL, keep vectors in the table's own pages where they fit: a match reads a vector, and one that lies
elsewhere costs three times as much. The planner sees what a scan costs, too, so it takes the index where that helps.
"""

from django.db import migrations

POSTGRESQL = (
    "ALTER TABLE search_index SET (toast_tuple_target = 8160)",
    "ALTER TABLE search_index ALTER COLUMN vector SET STORAGE MAIN",
    # A vector that is only copied stays where it is; a new one goes where it belongs.
    "UPDATE search_index SET vector = vector || ''::tsvector",
    "CREATE INDEX search_index_long ON search_index (entry_id) WHERE number = 1",
)
UNDO_POSTGRESQL = (
    "DROP INDEX search_index_long",
    "ALTER TABLE search_index ALTER COLUMN vector SET STORAGE EXTENDED",
    "ALTER TABLE search_index RESET (toast_tuple_target)",
)


def keep(apps, schema_editor):
    _execute(schema_editor, POSTGRESQL)


def move_out(apps, schema_editor):
    _execute(schema_editor, UNDO_POSTGRESQL)


def _execute(schema_editor, statements):
    if schema_editor.connection.vendor == "postgresql":
        for statement in statements:
            schema_editor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [("search", "0002_full_text_index")]
    operations = [migrations.RunPython(keep, move_out)]
