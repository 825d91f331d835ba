"""Numbers that no row can have, in a list: Django finds nothing for one of them alone, but raises for a list."""

from typing import Any

from django.db.models import IntegerField
from django.db.models.lookups import In


class IntegerIn(In):
    """Leaves out what lies beyond the column's range, as `IntegerFieldExact` does; filters of the admin ask so."""

    def process_rhs(self, compiler: Any, connection: Any) -> Any:
        """Raises `EmptyResultSet` where nothing is left."""
        if self.rhs_is_direct_value():
            low, high = connection.ops.integer_field_range(self.lhs.output_field.get_internal_type())
            self.rhs = [one for one in self.rhs if not isinstance(one, int) or low <= one <= high]
        return super().process_rhs(compiler, connection)


def lists_keep_to_the_range() -> None:
    """Let every list of numbers be looked up so. Once for the process."""
    IntegerField.register_lookup(IntegerIn)
