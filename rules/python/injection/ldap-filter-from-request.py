import ldap
import ldap.filter
import ldap3
from flask import Flask, request
from ldap3.utils.conv import escape_filter_chars

app = Flask(__name__)
BASE = "ou=people,dc=example,dc=com"


@app.route("/user")
def user():
    connection = ldap.initialize("ldap://directory.example.com")
    flt = "(uid=" + request.args["name"] + ")"
    # ruleid: python.injection.ldap-filter-from-request
    return str(connection.search_s(BASE, ldap.SCOPE_SUBTREE, flt))


def find(connection, name):
    # ruleid: python.injection.ldap-filter-from-request
    connection.search(search_base=BASE, search_filter=f"(cn={name})", attributes=["mail"])
    return connection.entries


@app.route("/person/<name>")
def person(name):
    server = ldap3.Server("directory.example.com")
    return str(find(ldap3.Connection(server), name))


@app.route("/mail", methods=["POST"])
def mail():
    conn = ldap3.Connection("directory.example.com", auto_bind=True)
    # ruleid: python.injection.ldap-filter-from-request
    conn.search(BASE, "(mail=%s)" % request.form["mail"])
    return str(conn.entries)


@app.route("/escaped")
def escaped():
    conn = ldap3.Connection("directory.example.com", auto_bind=True)
    # ok: python.injection.ldap-filter-from-request
    conn.search(BASE, "(uid=%s)" % escape_filter_chars(request.args["name"]))
    return str(conn.entries)


@app.route("/formatted")
def formatted():
    connection = ldap.initialize("ldap://directory.example.com")
    flt = ldap.filter.filter_format("(uid=%s)", [request.args["name"]])
    # ok: python.injection.ldap-filter-from-request
    return str(connection.search_s(BASE, ldap.SCOPE_SUBTREE, flt))


@app.route("/number")
def number():
    conn = ldap3.Connection("directory.example.com", auto_bind=True)
    # ok: python.injection.ldap-filter-from-request
    conn.search(BASE, "(uidNumber=%d)" % int(request.args["n"]))
    return str(conn.entries)
