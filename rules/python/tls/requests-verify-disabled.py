import requests
import requests as rq
from requests import Session, post

import config
from mycompany.api import Validator


def fetch(url):
    # ruleid: python.tls.requests-verify-disabled
    return requests.get(url, verify=False, timeout=5)


def send(url, data):
    # ruleid: python.tls.requests-verify-disabled
    rq.post(
        url,
        json=data,
        verify=False,
    )
    # ruleid: python.tls.requests-verify-disabled
    return post(url, data=data, verify=False)


def with_session(url):
    session = requests.Session()
    # ruleid: python.tls.requests-verify-disabled
    session.verify = False
    return session.get(url)


def context_session(url):
    with Session() as s:
        # ruleid: python.tls.requests-verify-disabled
        return s.put(url, data=b"", verify=False)


class Client:
    def __init__(self):
        self.session = requests.Session()
        # ruleid: python.tls.requests-verify-disabled
        self.session.verify = False


def safe(url):
    # ok: python.tls.requests-verify-disabled
    return requests.get(url, timeout=5)


def safe_bundle(url):
    # ok: python.tls.requests-verify-disabled
    return requests.get(url, verify="/etc/ssl/certs/internal-ca.pem")


def configured(url):
    # ok: python.tls.requests-verify-disabled
    return requests.get(url, verify=config.CA_BUNDLE)


def safe_session(url):
    session = requests.Session()
    # ok: python.tls.requests-verify-disabled
    session.verify = True
    return session.get(url)


def other(document):
    validator = Validator()
    # ok: python.tls.requests-verify-disabled
    validator.verify = False
    # ok: python.tls.requests-verify-disabled
    return validator.load(document, verify=False)
