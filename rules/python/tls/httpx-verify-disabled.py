import ssl

import httpx
from httpx import AsyncClient


def fetch(url):
    # ruleid: python.tls.httpx-verify-disabled
    return httpx.get(url, verify=False)


def client():
    # ruleid: python.tls.httpx-verify-disabled
    return httpx.Client(base_url="https://internal.example.com", verify=False)


async def fetch_async(url):
    # ruleid: python.tls.httpx-verify-disabled
    async with AsyncClient(verify=False) as client:
        return await client.get(url)


def transport():
    # ruleid: python.tls.httpx-verify-disabled
    return httpx.HTTPTransport(retries=3, verify=False)


def safe(url):
    # ok: python.tls.httpx-verify-disabled
    return httpx.get(url)


def safe_context():
    ctx = ssl.create_default_context(cafile="/etc/ssl/certs/internal-ca.pem")
    # ok: python.tls.httpx-verify-disabled
    return httpx.AsyncClient(verify=ctx)


def safe_explicit():
    # ok: python.tls.httpx-verify-disabled
    return httpx.Client(verify=True, http2=True)
