import ssl
from OpenSSL import SSL


def old_context():
    # ruleid: python.tls.weak-protocol-version
    return ssl.SSLContext(ssl.PROTOCOL_TLSv1)


def old_minimum():
    ctx = ssl.create_default_context()
    # ruleid: python.tls.weak-protocol-version
    ctx.minimum_version = ssl.TLSVersion.TLSv1_1
    return ctx


def pyopenssl():
    # ruleid: python.tls.weak-protocol-version
    return SSL.Context(SSL.SSLv3_METHOD)


def wrap(sock):
    # ruleid: python.tls.weak-protocol-version
    return ssl.SSLContext(protocol=ssl.PROTOCOL_SSLv3).wrap_socket(sock)


def safe_context():
    ctx = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    # ok: python.tls.weak-protocol-version
    ctx.minimum_version = ssl.TLSVersion.TLSv1_2
    return ctx


def disable_old(ctx):
    # ok: python.tls.weak-protocol-version
    ctx.options |= ssl.OP_NO_TLSv1 | ssl.OP_NO_TLSv1_1


def describe(names):
    # ok: python.tls.weak-protocol-version
    names[ssl.PROTOCOL_TLSv1] = "TLS 1.0"
    return names


def pyopenssl_safe():
    # ok: python.tls.weak-protocol-version
    return SSL.Context(SSL.TLS_METHOD)
