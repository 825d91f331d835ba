"""Replaces Django's command of the same name, which needs GNU gettext's msgfmt."""

from django.conf import settings
from django.core.management.base import BaseCommand

from cms.translation.services import catalogs_compile


class Command(BaseCommand):
    """Compile what changed."""

    help = "Compiles the translations of the core, the plugins and the themes. Needs no gettext."

    def handle(self, *args: object, **options: object) -> None:
        written = catalogs_compile(root=settings.BASE_DIR)
        for path in written:
            self.stdout.write(str(path.relative_to(settings.BASE_DIR)))
        self.stdout.write(self.style.SUCCESS(f"{len(written)} compiled."))
