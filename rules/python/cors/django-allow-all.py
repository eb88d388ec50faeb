import os

# ruleid: python.cors.django-allow-all
CORS_ALLOW_ALL_ORIGINS = True
# ruleid: python.cors.django-allow-all
CORS_ORIGIN_ALLOW_ALL = True
# ruleid: python.cors.django-allow-all
CORS_ALLOWED_ORIGIN_REGEXES = [r".*"]

# ok: python.cors.django-allow-all
CORS_ALLOWED_ORIGINS = ["https://app.example.com"]
# ok: python.cors.django-allow-all
CORS_ALLOWED_ORIGIN_REGEXES = [r"^https://\w+\.example\.com$"]
# ok: python.cors.django-allow-all
CORS_ALLOW_CREDENTIALS = True

if os.environ.get("DEVELOPMENT"):
    # ok: python.cors.django-allow-all
    CORS_ALLOW_ALL_ORIGINS = True
