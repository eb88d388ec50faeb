from OpenSSL import SSL
from OpenSSL.SSL import VERIFY_NONE, Context


def make_context():
    ctx = SSL.Context(SSL.TLS_CLIENT_METHOD)
    # ruleid: python.tls.pyopenssl-verify-none
    ctx.set_verify(SSL.VERIFY_NONE, callback)
    return ctx


def make_imported():
    ctx = Context(SSL.TLS_CLIENT_METHOD)
    # ruleid: python.tls.pyopenssl-verify-none
    ctx.set_verify(VERIFY_NONE)
    return ctx


def always_true():
    ctx = SSL.Context(SSL.TLS_CLIENT_METHOD)
    # ruleid: python.tls.pyopenssl-verify-none
    ctx.set_verify(SSL.VERIFY_PEER, lambda conn, cert, errno, depth, ok: True)
    return ctx


def callback(conn, cert, errno, depth, ok):
    return ok


def safe():
    ctx = SSL.Context(SSL.TLS_CLIENT_METHOD)
    # ok: python.tls.pyopenssl-verify-none
    ctx.set_verify(SSL.VERIFY_PEER, callback)
    return ctx


def safe_result():
    ctx = SSL.Context(SSL.TLS_CLIENT_METHOD)
    # ok: python.tls.pyopenssl-verify-none
    ctx.set_verify(SSL.VERIFY_PEER, lambda conn, cert, errno, depth, ok: ok)
    return ctx
