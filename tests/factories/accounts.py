"""Makes people, organisations, seats and affiliations for tests."""

import datetime as dt
from typing import Any

import factory
from factory.django import DjangoModelFactory

from cms.accounts.enums import OrganisationKind, Prefecture, SeatRole
from cms.accounts.models import Affiliation, Organisation, Seat, User
from cms.accounts.validators import municipal_check_digit

PASSWORD = "correct horse 77 battery"


class UserFactory(DjangoModelFactory[User]):
    """A person who can log in with `PASSWORD`."""

    class Meta:
        model = User
        skip_postgeneration_save = True

    username = factory.Sequence(lambda n: f"person-{n}")
    last_name = "見本"
    first_name = factory.Sequence(lambda n: f"{n}郎")
    email = factory.LazyAttribute(lambda user: f"{user.username}@example.jp")

    @classmethod
    def _create(cls, model_class: type[User], *args: Any, **kwargs: Any) -> User:
        kwargs.setdefault("password", PASSWORD)
        return model_class.objects.create_user(*args, **kwargs)


class OrganisationFactory(DjangoModelFactory[Organisation]):
    """A city; its code is in the range for samples."""

    class Meta:
        model = Organisation

    name = factory.Sequence(lambda n: f"試験第{n}市")
    kana = factory.Sequence(lambda n: f"しけんだい{n}し")
    kind = OrganisationKind.CITY
    prefecture = Prefecture.EHIME
    code = factory.Sequence(lambda n: f"{97000 + n}{municipal_check_digit(str(97000 + n))}")


class SeatFactory(DjangoModelFactory[Seat]):
    """The seat of a lead contact."""

    class Meta:
        model = Seat

    organisation = factory.SubFactory(OrganisationFactory)
    role = SeatRole.LEAD
    label = factory.Sequence(lambda n: f"{n}番")


class AffiliationFactory(DjangoModelFactory[Affiliation]):
    """Somebody who has held a seat since the first day of FY2009."""

    class Meta:
        model = Affiliation

    seat = factory.SubFactory(SeatFactory)
    person = factory.SubFactory(UserFactory)
    starts_on = dt.date(2009, 4, 1)
