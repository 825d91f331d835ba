"""Enquiries for tests."""

import uuid

import factory

from cms.contact.models import Enquiry


class EnquiryFactory(factory.django.DjangoModelFactory):
    name = "見本 太郎"
    organisation = "見本市"
    email = factory.Sequence(lambda number: f"sender-{number}@example.jp")
    subject = "入会について"
    text = "入会の手続を教えてください。"
    form_token = factory.LazyFunction(uuid.uuid4)

    class Meta:
        model = Enquiry
