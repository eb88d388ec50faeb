import os

# ruleid: python.django.insecure-cookie-settings
SESSION_COOKIE_SECURE = False
# ruleid: python.django.insecure-cookie-settings
CSRF_COOKIE_SECURE = False
# ruleid: python.django.insecure-cookie-settings
SESSION_COOKIE_HTTPONLY = False

# ok: python.django.insecure-cookie-settings
SESSION_SAVE_EVERY_REQUEST = False
# ok: python.django.insecure-cookie-settings
CSRF_COOKIE_HTTPONLY = False

if os.environ.get("DEVELOPMENT"):
    # ok: python.django.insecure-cookie-settings
    SESSION_COOKIE_SECURE = False
