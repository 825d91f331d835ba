"""Rules about memberships and officers that the database holds.

Two memberships of one organisation never share a day; an organisation has one office at a time, and there is one chair.
`tests/plugins/members` fail where a migration that rebuilds a table forgets to repeat its rules.
"""

from django.db import migrations

from cms.calendar.spans import NoOverlap


class Migration(migrations.Migration):
    dependencies = [("members", "0001_initial")]

    operations = [
        NoOverlap("membership", "members_membership_overlap", same=["organisation_id"]),
        NoOverlap("officerterm", "members_officer_overlap", same=["organisation_id"]),
        NoOverlap("officerterm", "members_officer_one_chair", only={"office": "chair"}),
    ]
