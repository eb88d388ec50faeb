import os

# ruleid: python.django.transport-security-off
SECURE_SSL_REDIRECT = False
# ruleid: python.django.transport-security-off
SECURE_HSTS_SECONDS = 0
# ruleid: python.django.transport-security-off
SECURE_CONTENT_TYPE_NOSNIFF = False

# ok: python.django.transport-security-off
SECURE_SSL_REDIRECT = True
# ok: python.django.transport-security-off
SECURE_HSTS_SECONDS = 31536000
# ok: python.django.transport-security-off
SECURE_HSTS_PRELOAD = False

if os.environ.get("DEVELOPMENT"):
    # ok: python.django.transport-security-off
    SECURE_SSL_REDIRECT = False
