"""Logging in: one throttled door at /accounts/, every other one shut. `base` takes these settings over whole."""

from .environment import env

AUTHENTICATION_BACKENDS = ["cms.accounts.backends.SeatBackend"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
PASSWORD_RESET_TIMEOUT = 24 * 60 * 60

LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "/"

# An editor who has no second factor is sent to set one up before the admin opens.
REQUIRE_STAFF_MFA = env.bool("REQUIRE_STAFF_MFA", default=False)

# Whether accounts with the published demo password may exist: on a contributor's machine only (check accounts.E001).
DEMO_ACCOUNTS_ALLOWED = False

# How many proxies of ours stand before the server. With 0 nobody's X-Forwarded-For is believed.
ALLAUTH_TRUSTED_PROXY_COUNT = env.int("TRUSTED_PROXY_COUNT", default=0)

ACCOUNT_ADAPTER = "cms.accounts.adapters.AccountAdapter"
# By ID only, as far as allauth knows: it wants unique addresses for a login by mail, and ours are shared. Our login
# form turns an address that belongs to one person into that person's ID.
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "email", "password1*", "password2*"]
ACCOUNT_UNIQUE_EMAIL = False
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
# allauth's own would keep a second copy of each address.
ACCOUNT_PASSWORD_RESET_TOKEN_GENERATOR = "django.contrib.auth.tokens.PasswordResetTokenGenerator"  # noqa: S105  an address, no password
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_FORMS = {
    "login": "cms.accounts.forms.LoginForm",
    "reset_password": "cms.accounts.forms.ResetPasswordForm",
}
# Strict by account, generous by address: a whole prefecture may sit behind one. The account's limits come first, so
# that hammering one account doesn't use up its neighbours' share.
ACCOUNT_RATE_LIMITS = {
    "login": "2000/5m/ip",
    "login_failed": "5/5m/key,20/h/key,200/5m/ip",
    "reset_password": "100/5m/ip,3/10m/key",
    "reset_password_from_key": "300/5m/ip",
    "reauthenticate": "10/5m/user",
}

MFA_ADAPTER = "cms.accounts.adapters.MFAAdapter"
MFA_FORMS = {
    "add_webauthn": "cms.accounts.forms.AddKeyForm",
    "edit_webauthn": "cms.accounts.forms.EditKeyForm",
}
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
# Nobody can sign up, so no stranger can claim somebody's address before its owner confirmed it.
MFA_ALLOW_UNVERIFIED_EMAIL = True
MFA_TOTP_TOLERANCE = 1
MFA_RATE_LIMITS = {"webauthn_login": "300/5m/ip"}

WAGTAILADMIN_LOGIN_URL = "account_login"
WAGTAIL_FRONTEND_LOGIN_URL = "/accounts/login/"
WAGTAIL_PASSWORD_MANAGEMENT_ENABLED = False
WAGTAIL_PASSWORD_RESET_ENABLED = False
WAGTAIL_EMAIL_MANAGEMENT_ENABLED = False
WAGTAILUSERS_PASSWORD_ENABLED = False
WAGTAIL_PRIVATE_PAGE_OPTIONS = {"SHARED_PASSWORD": False}
WAGTAILDOCS_PRIVATE_COLLECTION_OPTIONS = {"SHARED_PASSWORD": False}
WAGTAIL_USER_TIME_ZONES = ["Asia/Tokyo"]

# Nothing of ours asks a server outside.
WAGTAIL_GRAVATAR_PROVIDER_URL = None
WAGTAIL_ENABLE_UPDATE_CHECK = False
WAGTAIL_ENABLE_WHATS_NEW_BANNER = False
