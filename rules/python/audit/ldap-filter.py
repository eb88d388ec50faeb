import ldap
import ldap3
from ldap.filter import escape_filter_chars


def find(conn, name):
    # ruleid: python.audit.ldap-filter
    return conn.search_s("dc=example,dc=com", ldap.SCOPE_SUBTREE, f"(uid={name})")


def find_variable(conn, name):
    flt = "(&(objectClass=person)(uid=%s))" % name
    # ruleid: python.audit.ldap-filter
    return conn.search_s("dc=example,dc=com", ldap.SCOPE_SUBTREE, flt)


def find_ldap3(conn: ldap3.Connection, name):
    # ruleid: python.audit.ldap-filter
    return conn.search("dc=example,dc=com", "(uid=" + name + ")", attributes=["mail"])


def safe(conn, name):
    # ok: python.audit.ldap-filter
    return conn.search_s("dc=example,dc=com", ldap.SCOPE_SUBTREE, f"(uid={escape_filter_chars(name)})")


def safe_variable(conn, name):
    safe_name = escape_filter_chars(name)
    flt = f"(uid={safe_name})"
    # ok: python.audit.ldap-filter
    return conn.search_s("dc=example,dc=com", ldap.SCOPE_SUBTREE, flt)


def everyone(conn):
    # ok: python.audit.ldap-filter
    return conn.search_s("dc=example,dc=com", ldap.SCOPE_SUBTREE, "(objectClass=person)")
