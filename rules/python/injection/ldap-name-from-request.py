import ldap
import ldap3
from django.http import HttpResponse
from ldap.dn import escape_dn_chars
from ldap3.utils.dn import escape_rdn

BASE = "ou=people,dc=example,dc=com"


def login(request):
    connection = ldap.initialize("ldap://directory.example.com")
    name = request.POST["name"]
    # ruleid: python.injection.ldap-name-from-request
    connection.simple_bind_s("uid=" + name + "," + BASE, request.POST["password"])
    return HttpResponse("ok")


def remove(name):
    connection = ldap.initialize("ldap://directory.example.com")
    # ruleid: python.injection.ldap-name-from-request
    connection.delete_s(f"cn={name},{BASE}")


def delete(request):
    remove(request.POST["name"])
    return HttpResponse("deleted")


def bind(request):
    dn = "uid=%s,%s" % (request.POST["name"], BASE)
    # ruleid: python.injection.ldap-name-from-request
    connection = ldap3.Connection("directory.example.com", user=dn, password=request.POST["password"])
    return HttpResponse(str(connection.bind()))


def login_escaped(request):
    connection = ldap.initialize("ldap://directory.example.com")
    # ok: python.injection.ldap-name-from-request
    connection.simple_bind_s("uid=%s,%s" % (escape_dn_chars(request.POST["name"]), BASE), request.POST["password"])
    return HttpResponse("ok")


def bind_escaped(request):
    dn = "uid=" + escape_rdn(request.POST["name"]) + "," + BASE
    # ok: python.injection.ldap-name-from-request
    connection = ldap3.Connection("directory.example.com", user=dn, password=request.POST["password"])
    return HttpResponse(str(connection.bind()))


def service(request):
    connection = ldap.initialize("ldap://directory.example.com")
    # ok: python.injection.ldap-name-from-request
    connection.simple_bind_s("cn=web," + BASE, "example-password-for-tests")
    return HttpResponse("ok")
