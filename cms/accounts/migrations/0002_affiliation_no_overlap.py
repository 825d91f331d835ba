"""Rules about affiliations that the database holds.

A seat has one person at a time; a person belongs to one organisation at a time; the organisation of an affiliation is the
seat's. `tests/cms/accounts/test_affiliations.py` fails where a migration that rebuilds a table forgets to repeat them.
"""

from django.db import migrations

from cms.calendar.spans import NoOverlap

POSTGRESQL = [
    "ALTER TABLE accounts_seat ADD CONSTRAINT accounts_seat_with_organisation UNIQUE (id, organisation_id)",
    """ALTER TABLE accounts_affiliation ADD CONSTRAINT accounts_affiliation_same_organisation
       FOREIGN KEY (seat_id, organisation_id) REFERENCES accounts_seat (id, organisation_id)
       DEFERRABLE INITIALLY DEFERRED""",
]
POSTGRESQL_BACK = [
    "ALTER TABLE accounts_affiliation DROP CONSTRAINT IF EXISTS accounts_affiliation_same_organisation",
    "ALTER TABLE accounts_seat DROP CONSTRAINT IF EXISTS accounts_seat_with_organisation",
]

SQLITE = [
    *(
        f"""CREATE TRIGGER accounts_affiliation_{event} AFTER {event} ON accounts_affiliation BEGIN
        SELECT RAISE(ABORT, 'accounts_affiliation_same_organisation')
        WHERE NEW.organisation_id <> (SELECT organisation_id FROM accounts_seat WHERE id = NEW.seat_id);
        END"""
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

    operations = [
        migrations.RunPython(forwards, backwards),
        NoOverlap("affiliation", "accounts_affiliation_seat_taken", same=["seat_id"]),
        NoOverlap(
            "affiliation",
            "accounts_affiliation_second_organisation",
            same=["person_id"],
            differing=["organisation_id"],
        ),
    ]
