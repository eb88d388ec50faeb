from bson.code import Code
from pymongo import MongoClient

users = MongoClient().shop.users


def by_name(name):
    # ruleid: python.audit.mongodb-where
    return users.find({"$where": f"this.name == '{name}'"})


def by_name_concat(name):
    # ruleid: python.audit.mongodb-where
    return users.find_one({"active": True, "$where": "this.name == '" + name + "'"})


def code(name):
    # ruleid: python.audit.mongodb-where
    return Code("function() { return this.name == '%s'; }" % name)


def safe(name):
    # ok: python.audit.mongodb-where
    return users.find({"name": {"$eq": str(name)}})


def literal():
    # ok: python.audit.mongodb-where
    return users.find({"$where": "this.credits == this.debits"})


def scoped(name):
    # ok: python.audit.mongodb-where
    return Code("function() { return this.name == name; }", {"name": name})
