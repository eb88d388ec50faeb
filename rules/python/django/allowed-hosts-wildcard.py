import os

# ruleid: python.django.allowed-hosts-wildcard
ALLOWED_HOSTS = ["*"]
# ruleid: python.django.allowed-hosts-wildcard
ALLOWED_HOSTS = ["www.example.com", "*"]
# ruleid: python.django.allowed-hosts-wildcard
ALLOWED_HOSTS += ["*"]

# ok: python.django.allowed-hosts-wildcard
ALLOWED_HOSTS = ["www.example.com", ".example.com"]
# ok: python.django.allowed-hosts-wildcard
ALLOWED_HOSTS = []
# ok: python.django.allowed-hosts-wildcard
ALLOWED_HOSTS = os.environ["HOSTS"].split(",")
# ok: python.django.allowed-hosts-wildcard
INTERNAL_IPS = ["*"]

if os.environ.get("DEVELOPMENT"):
    # ok: python.django.allowed-hosts-wildcard
    ALLOWED_HOSTS = ["*"]
