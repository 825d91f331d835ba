"""Two rules about affiliations, held by the database.

A seat has one person at a time; a person belongs to one organisation at a time. PostgreSQL holds them by exclusion
constraints (deferred, so that one transaction may end one affiliation and begin the next in any order), SQLite by
triggers. Rebuilding the table on SQLite (any later AlterField) drops its triggers: such a migration runs
`forwards` again, and `tests/cms/accounts/test_affiliations.py` fails where it was forgotten.
"""

from django.db import migrations

POSTGRESQL = [
    "CREATE EXTENSION IF NOT EXISTS btree_gist",
    "ALTER TABLE accounts_seat ADD CONSTRAINT accounts_seat_with_organisation UNIQUE (id, organisation_id)",
    """ALTER TABLE accounts_affiliation ADD CONSTRAINT accounts_affiliation_same_organisation
       FOREIGN KEY (seat_id, organisation_id) REFERENCES accounts_seat (id, organisation_id)
       DEFERRABLE INITIALLY DEFERRED""",
    """ALTER TABLE accounts_affiliation ADD CONSTRAINT accounts_affiliation_seat_taken
       EXCLUDE USING gist (seat_id WITH =, daterange(starts_on, ends_on, '[)') WITH &&)
       DEFERRABLE INITIALLY DEFERRED""",
    """ALTER TABLE accounts_affiliation ADD CONSTRAINT accounts_affiliation_second_organisation
       EXCLUDE USING gist (person_id WITH =, organisation_id WITH <>, daterange(starts_on, ends_on, '[)') WITH &&)
       DEFERRABLE INITIALLY DEFERRED""",
]
# The extension stays: something else may use it by now.
POSTGRESQL_BACK = [
    "ALTER TABLE accounts_affiliation DROP CONSTRAINT IF EXISTS accounts_affiliation_second_organisation",
    "ALTER TABLE accounts_affiliation DROP CONSTRAINT IF EXISTS accounts_affiliation_seat_taken",
    "ALTER TABLE accounts_affiliation DROP CONSTRAINT IF EXISTS accounts_affiliation_same_organisation",
    "ALTER TABLE accounts_seat DROP CONSTRAINT IF EXISTS accounts_seat_with_organisation",
]

SAME_ORGANISATION = "NEW.organisation_id <> (SELECT organisation_id FROM accounts_seat WHERE id = NEW.seat_id)"
OVERLAP = """other.id <> NEW.id
    AND (other.ends_on IS NULL OR NEW.starts_on < other.ends_on)
    AND (NEW.ends_on IS NULL OR other.starts_on < NEW.ends_on)"""
TRIGGER = """CREATE TRIGGER accounts_affiliation_{event} AFTER {event} ON accounts_affiliation BEGIN
    SELECT RAISE(ABORT, 'accounts_affiliation_same_organisation') WHERE {same_organisation};
    SELECT RAISE(ABORT, 'accounts_affiliation_seat_taken') WHERE EXISTS (
        SELECT 1 FROM accounts_affiliation other WHERE other.seat_id = NEW.seat_id AND {overlap});
    SELECT RAISE(ABORT, 'accounts_affiliation_second_organisation') WHERE EXISTS (
        SELECT 1 FROM accounts_affiliation other
        WHERE other.person_id = NEW.person_id AND other.organisation_id <> NEW.organisation_id AND {overlap});
END"""
SQLITE = [
    *(
        TRIGGER.format(event=event, same_organisation=SAME_ORGANISATION, overlap=OVERLAP)
        for event in ("INSERT", "UPDATE")
    ),
    """CREATE TRIGGER accounts_seat_stays BEFORE UPDATE OF organisation_id ON accounts_seat
    WHEN NEW.organisation_id <> OLD.organisation_id BEGIN
        SELECT RAISE(ABORT, 'accounts_affiliation_same_organisation')
        WHERE EXISTS (SELECT 1 FROM accounts_affiliation WHERE seat_id = OLD.id);
    END""",
]
SQLITE_BACK = [
    "DROP TRIGGER IF EXISTS accounts_seat_stays",
    "DROP TRIGGER IF EXISTS accounts_affiliation_INSERT",
    "DROP TRIGGER IF EXISTS accounts_affiliation_UPDATE",
]


def run(schema_editor, statements):
    for statement in statements[schema_editor.connection.vendor]:
        schema_editor.execute(statement, params=None)


def forwards(apps, schema_editor):
    backwards(apps, schema_editor)
    run(schema_editor, {"postgresql": POSTGRESQL, "sqlite": SQLITE})


def backwards(apps, schema_editor):
    run(schema_editor, {"postgresql": POSTGRESQL_BACK, "sqlite": SQLITE_BACK})


class Migration(migrations.Migration):
    dependencies = [("accounts", "0001_initial")]

    operations = [migrations.RunPython(forwards, backwards)]
