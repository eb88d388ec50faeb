import ssl
import ssl as tls


def client_context():
    ctx = ssl.create_default_context()
    # ruleid: python.tls.hostname-check-disabled
    ctx.check_hostname = False
    return ctx


class Connection:
    def __init__(self):
        self.ctx = tls.SSLContext(tls.PROTOCOL_TLS_CLIENT)
        # ruleid: python.tls.hostname-check-disabled
        self.ctx.check_hostname = False


def safe_context():
    ctx = ssl.create_default_context()
    # ok: python.tls.hostname-check-disabled
    ctx.check_hostname = True
    return ctx


def server_context():
    ctx = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    # ok: python.tls.hostname-check-disabled
    ctx.check_hostname = False
    return ctx


def reported_by_another_rule():
    ctx = ssl.create_default_context()
    # ok: python.tls.hostname-check-disabled
    ctx.check_hostname = False
    ctx.verify_mode = ssl.CERT_NONE
    return ctx


def local_variable():
    # ok: python.tls.hostname-check-disabled
    check_hostname = False
    return check_hostname
