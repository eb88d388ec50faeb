import shelve
from shelve import open as open_shelf


def load_profile(path, user):
    # ruleid: python.deserialization.shelve-open
    with shelve.open(path) as db:
        return db[user]


def load_cache(request):
    # ruleid: python.deserialization.shelve-open
    return open_shelf(f"/srv/cache/{request.args['name']}")


def fixed():
    # ok: python.deserialization.shelve-open
    return shelve.open("/var/lib/app/state")


def fresh(path):
    # ok: python.deserialization.shelve-open
    return shelve.open(path, flag="n")


def plain(path):
    # ok: python.deserialization.shelve-open
    return open(path)
