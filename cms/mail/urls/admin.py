"""Addresses below /admin/mail/."""

from django.urls import path

from cms.mail.views import listings, notices, previews, staff

app_name = "mail_admin"

urlpatterns = [
    path("", listings.MessageListView.as_view(), name="messages"),
    path("test/", staff.TestMailView.as_view(), name="test"),
    path("message/<int:pk>/", staff.MessageView.as_view(), name="message"),
    path("message/<int:pk>/cancel/", staff.MessageCancelView.as_view(), name="message_cancel"),
    path("message/<int:pk>/retry/", staff.MessageRetryView.as_view(), name="message_retry"),
    path("audiences/", notices.AudienceListView.as_view(), name="audiences"),
    path("notice/<int:pk>/", notices.NoticeView.as_view(), name="notice"),
    path("notice/<int:pk>/html/", notices.NoticeHtmlView.as_view(), name="notice_html"),
    path("notice/<int:pk>/recipients/", notices.NoticeRecipientsView.as_view(), name="notice_recipients"),
    path("notice/<int:pk>/release/", notices.NoticeReleaseView.as_view(), name="notice_release"),
    path("notice/<int:pk>/unschedule/", notices.NoticeUnscheduleView.as_view(), name="notice_unschedule"),
    path("deliveries/", listings.DeliveryListView.as_view(), name="deliveries"),
    path(
        "deliveries/person/<int:pk>/",
        listings.RecipientListView.as_view(recipient="person", index_url_name="mail_admin:sent_to_person"),
        name="sent_to_person",
    ),
    path(
        "deliveries/organisation/<int:pk>/",
        listings.RecipientListView.as_view(recipient="organisation", index_url_name="mail_admin:sent_to_organisation"),
        name="sent_to_organisation",
    ),
    path("deliveries/<int:pk>/", staff.DeliveryView.as_view(), name="delivery"),
    path("deliveries/<int:pk>/cancel/", staff.DeliveryCancelView.as_view(), name="delivery_cancel"),
    path("deliveries/<int:pk>/retry/", staff.DeliveryRetryView.as_view(), name="delivery_retry"),
    path("deliveries/<int:pk>/resolve/", staff.UnknownResolveView.as_view(), name="unknown_resolve"),
    path("suspended/", listings.SuspensionListView.as_view(), name="suspensions"),
    path("suspended/add/", staff.SuspendView.as_view(), name="suspend"),
    path("suspended/<int:pk>/", staff.SuspensionView.as_view(), name="suspension"),
    path("suspended/<int:pk>/lift/", staff.SuspensionLiftView.as_view(), name="suspension_lift"),
    path("suspended/<int:pk>/confirm/", staff.ConfirmationSendView.as_view(), name="confirmation_send"),
    path("templates/", previews.TemplateListView.as_view(), name="templates"),
    path("templates/<str:slug>/<str:language>/", previews.TemplateView.as_view(), name="template"),
    path("templates/<str:slug>/<str:language>/html/", previews.TemplateHtmlView.as_view(), name="template_html"),
    path("mailbox/", listings.MailboxListView.as_view(), name="mailbox"),
    path("mailbox/<int:pk>/", previews.MailboxItemView.as_view(), name="mailbox_item"),
    path("mailbox/<int:pk>/html/", previews.MailboxHtmlView.as_view(), name="mailbox_html"),
    path("mailbox/<int:pk>/download/", previews.MailboxDownloadView.as_view(), name="mailbox_download"),
]
