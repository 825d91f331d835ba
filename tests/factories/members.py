"""Makes memberships for tests."""

import datetime as dt

import factory
from factory.django import DjangoModelFactory

from cms.accounts.validators import municipal_check_digit
from plugins.members.enums import Office
from plugins.members.models import Application, Membership, OfficerTerm, SeatClaim
from tests.factories.accounts import OrganisationFactory


class MembershipFactory(DjangoModelFactory[Membership]):
    """A member since the first day of FY2009."""

    class Meta:
        model = Membership

    organisation = factory.SubFactory(OrganisationFactory)
    starts_on = dt.date(2009, 4, 1)


class OfficerTermFactory(DjangoModelFactory[OfficerTerm]):
    """An officer since the election of FY2009."""

    class Meta:
        model = OfficerTerm

    organisation = factory.SubFactory(OrganisationFactory)
    office = Office.OFFICER
    starts_on = dt.date(2009, 11, 25)


class ApplicationFactory(DjangoModelFactory[Application]):
    """A municipality that is no member, with a confirmed address."""

    class Meta:
        model = Application

    code = factory.Sequence(lambda n: f"{96000 + n}{municipal_check_digit(str(96000 + n))}")
    name = factory.Sequence(lambda n: f"申込第{n}市")
    kind = "city"
    section = "情報政策課"
    postcode = "000-0000"
    address = "見本1丁目"
    telephone = "00-0000-0000"
    email = "joho@example.jp"
    lead_name = "見本 花子"
    state = "open"
    confirmed_at = dt.datetime(2026, 4, 1, tzinfo=dt.UTC)


class SeatClaimFactory(DjangoModelFactory[SeatClaim]):
    """Somebody who took over in a member organisation and has entered the code."""

    class Meta:
        model = SeatClaim

    organisation = factory.LazyFunction(lambda: MembershipFactory(organisation__email="joho@example.jp").organisation)
    code = factory.SelfAttribute("organisation.code")
    last_name = "見本"
    first_name = factory.Sequence(lambda n: f"後任{n}")
    state = "open"
    confirmed_at = dt.datetime(2026, 4, 1, tzinfo=dt.UTC)
