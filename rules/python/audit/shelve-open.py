import shelve
from shelve import open as open_shelf


def load_profile(path, user):
    # ruleid: python.audit.shelve-open
    with shelve.open(path) as db:
        return db[user]


def load_cache(request):
    # ruleid: python.audit.shelve-open
    return open_shelf(f"/srv/cache/{request.args['name']}")


def fixed():
    # ok: python.audit.shelve-open
    return shelve.open("/var/lib/app/state")


def fresh(path):
    # ok: python.audit.shelve-open
    return shelve.open(path, flag="n")


def plain(path):
    # ok: python.audit.shelve-open
    return open(path)
