import ssl

import certifi
import urllib3
from urllib3 import HTTPSConnectionPool
from urllib3.poolmanager import PoolManager


def pool():
    # ruleid: python.tls.urllib3-cert-none
    return urllib3.PoolManager(cert_reqs="CERT_NONE")


def pool_constant():
    # ruleid: python.tls.urllib3-cert-none
    return urllib3.PoolManager(num_pools=4, cert_reqs=ssl.CERT_NONE)


def proxy(url):
    # ruleid: python.tls.urllib3-cert-none
    return urllib3.ProxyManager(url, cert_reqs="CERT_NONE", assert_hostname=False)


def host_pool():
    # ruleid: python.tls.urllib3-cert-none
    return HTTPSConnectionPool("internal.example.com", 443, assert_hostname=False)


def sub_module():
    # ruleid: python.tls.urllib3-cert-none
    return PoolManager(cert_reqs="CERT_NONE")


def safe():
    # ok: python.tls.urllib3-cert-none
    return urllib3.PoolManager(cert_reqs="CERT_REQUIRED", ca_certs=certifi.where())


def safe_default():
    # ok: python.tls.urllib3-cert-none
    return PoolManager(num_pools=10)
