import os

# ruleid: python.django.insecure-cookie-settings
SESSION_COOKIE_SECURE = True
# ruleid: python.django.insecure-cookie-settings
CSRF_COOKIE_SECURE = True
# ruleid: python.django.insecure-cookie-settings
SESSION_COOKIE_HTTPONLY = True

# ok: python.django.insecure-cookie-settings
SESSION_SAVE_EVERY_REQUEST = False
# ok: python.django.insecure-cookie-settings
CSRF_COOKIE_HTTPONLY = False

if os.environ.get("DEVELOPMENT"):
    # ok: python.django.insecure-cookie-settings
    SESSION_COOKIE_SECURE = False
