"""Addresses below /admin/mail/."""

from django.urls import path

from cms.mail.views import listings, previews, staff

app_name = "mail_admin"

urlpatterns = [
    path("", listings.MessageListView.as_view(), name="messages"),
    path("test/", staff.TestMailView.as_view(), name="test"),
    path("message/<int:pk>/", staff.MessageView.as_view(), name="message"),
    path("message/<int:pk>/cancel/", staff.MessageCancelView.as_view(), name="message_cancel"),
    path("message/<int:pk>/retry/", staff.MessageRetryView.as_view(), name="message_retry"),
    path("deliveries/", listings.DeliveryListView.as_view(), name="deliveries"),
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
