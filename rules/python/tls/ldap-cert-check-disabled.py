import ssl

import ldap
from ldap3 import Server, Tls


def global_option():
    # ruleid: python.tls.ldap-cert-check-disabled
    ldap.set_option(ldap.OPT_X_TLS_REQUIRE_CERT, ldap.OPT_X_TLS_NEVER)


def connection(url):
    conn = ldap.initialize(url)
    # ruleid: python.tls.ldap-cert-check-disabled
    conn.set_option(ldap.OPT_X_TLS_REQUIRE_CERT, ldap.OPT_X_TLS_ALLOW)
    return conn


def server(host):
    # ruleid: python.tls.ldap-cert-check-disabled
    tls = Tls(validate=ssl.CERT_NONE)
    return Server(host, use_ssl=True, tls=tls)


def safe(url):
    conn = ldap.initialize(url)
    # ok: python.tls.ldap-cert-check-disabled
    conn.set_option(ldap.OPT_X_TLS_REQUIRE_CERT, ldap.OPT_X_TLS_DEMAND)
    return conn


def safe_server(host):
    # ok: python.tls.ldap-cert-check-disabled
    tls = Tls(validate=ssl.CERT_REQUIRED, ca_certs_file="/etc/ssl/certs/internal-ca.pem")
    return Server(host, use_ssl=True, tls=tls)
