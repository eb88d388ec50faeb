import ssl
import urllib.request


def fetch(url):
    # ruleid: python.tls.ssl-unverified-context
    ctx = ssl._create_unverified_context()
    return urllib.request.urlopen(url, context=ctx)


# ruleid: python.tls.ssl-unverified-context
ssl._create_default_https_context = ssl._create_unverified_context


def client_context():
    ctx = ssl.create_default_context()
    ctx.check_hostname = False
    # ruleid: python.tls.ssl-unverified-context
    ctx.verify_mode = ssl.CERT_NONE
    return ctx


def old_style(sock):
    # ruleid: python.tls.ssl-unverified-context
    return ssl.wrap_socket(sock)


def safe_context():
    ctx = ssl.create_default_context(cafile="/etc/ssl/certs/internal-ca.pem")
    # ok: python.tls.ssl-unverified-context
    ctx.verify_mode = ssl.CERT_REQUIRED
    return ctx


def server_context():
    ctx = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    # ok: python.tls.ssl-unverified-context
    ctx.verify_mode = ssl.CERT_NONE
    return ctx


def old_server(sock):
    # ok: python.tls.ssl-unverified-context
    return ssl.wrap_socket(sock, server_side=True, certfile="server.pem")


def inspect(ctx):
    # ok: python.tls.ssl-unverified-context
    return ctx.verify_mode == ssl.CERT_NONE
