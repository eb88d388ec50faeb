import ssl

import aiohttp
from aiohttp import ClientSession, TCPConnector

import database


async def fetch(url):
    # ruleid: python.tls.aiohttp-verify-disabled
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(ssl=False)) as session:
        return await session.get(url)


async def fetch_imported(url):
    # ruleid: python.tls.aiohttp-verify-disabled
    connector = TCPConnector(limit=10, verify_ssl=False)
    async with ClientSession(connector=connector) as session:
        return await session.get(url)


async def per_request(session, url, data):
    # ruleid: python.tls.aiohttp-verify-disabled
    async with session.post(url, json=data, ssl=False) as answer:
        return await answer.json()


async def safe(url):
    ctx = ssl.create_default_context()
    # ok: python.tls.aiohttp-verify-disabled
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(ssl=ctx)) as session:
        # ok: python.tls.aiohttp-verify-disabled
        return await session.get(url, ssl=ctx)


def connect_database(host):
    # ok: python.tls.aiohttp-verify-disabled
    return database.connect(host, ssl=False)
