"""The demo of the member area: the register, the secretariat's desk and the members' corner.

Loaded once: what a person changed or deleted since stays so.
"""

from __future__ import annotations

from django.db import transaction

from cms.plugin_api.points import DemoContext

from .corner import load_corner
from .desk import load_desk
from .register import let_secretariat_work, load_register


@transaction.atomic
def load(context: DemoContext) -> None:
    """Load the samples unless there is a register."""
    let_secretariat_work()
    if load_register(context):
        load_desk()
        load_corner()
