"""Public addresses below /members/."""

from django.urls import path

from plugins.members.views import arrival, claims, corner, joining, officers, own, roster, status

app_name = "members"

urlpatterns = [
    path("", corner.CornerView.as_view(), name="corner"),
    path("peers/", corner.PeersView.as_view(), name="peers"),
    path("directory/", corner.DirectoryEntryView.as_view(), name="directory_entry"),
    path("status/", status.StatusView.as_view(), name="status"),
    path("apply/", joining.ApplyView.as_view(), name="apply"),
    path("apply/sent/", joining.applied, name="applied"),
    path("apply/confirm/", joining.ConfirmView.as_view(), name="application_confirm"),
    path("apply/answer/", joining.AnswerView.as_view(), name="application_answer"),
    path("claim/", claims.ClaimView.as_view(), name="claim"),
    path("claim/sent/", claims.claimed, name="claimed"),
    path("claim/confirm/", claims.ConfirmView.as_view(), name="claim_confirm"),
    path("leave/", joining.LeaveView.as_view(), name="leave"),
    path("officers/", officers.OfficersView.as_view(), name="officers"),
    path("organisation/", own.OrganisationView.as_view(), name="organisation"),
    path("organisation/add/", own.AddView.as_view(), name="seat_add"),
    path("organisation/<int:pk>/invite/", own.InviteView.as_view(), name="seat_invite"),
    path("organisation/<int:pk>/invite-again/", own.InviteAgainView.as_view(), name="seat_invite_again"),
    path("organisation/<int:pk>/hand-over/", own.HandoverView.as_view(), name="seat_hand_over"),
    path("organisation/<int:pk>/cancel/", own.CancelView.as_view(), name="seat_cancel"),
    path("organisation/<int:pk>/end/", own.EndView.as_view(), name="seat_end"),
    path("organisation/<int:pk>/change/", own.ChangeView.as_view(), name="seat_change"),
    path("roster/", roster.ConfirmView.as_view(), name="roster"),
    path("roster/<int:pk>/", roster.AnswerView.as_view(), name="roster_answer"),
    path("invitation/", arrival.AcceptView.as_view(), name="accept"),
    path("welcome/", arrival.WelcomeView.as_view(), name="welcome"),
    path("register/", status.RegisterView.as_view(), name="register"),
]
