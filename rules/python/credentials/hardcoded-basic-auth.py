import os

import aiohttp
import requests
from requests.auth import HTTPBasicAuth


def fetch(url):
    # ruleid: python.credentials.hardcoded-basic-auth
    return requests.get(url, auth=("robot", "example-password-for-tests"), timeout=5)


def fetch_object(url):
    # ruleid: python.credentials.hardcoded-basic-auth
    auth = HTTPBasicAuth("robot", "example-password-for-tests")
    return requests.get(url, auth=auth)


def session():
    s = requests.Session()
    # ruleid: python.credentials.hardcoded-basic-auth
    s.auth = ("robot", "example-password-for-tests")
    return s


def async_auth():
    # ruleid: python.credentials.hardcoded-basic-auth
    return aiohttp.BasicAuth("robot", "example-password-for-tests")


def fetch_environment(url):
    # ok: python.credentials.hardcoded-basic-auth
    return requests.get(url, auth=("robot", os.environ["API_PASSWORD"]))


def token_as_user(url, token):
    # ok: python.credentials.hardcoded-basic-auth
    return requests.get(url, auth=(token, ""))


def async_environment(password):
    # ok: python.credentials.hardcoded-basic-auth
    return aiohttp.BasicAuth("robot", password)
