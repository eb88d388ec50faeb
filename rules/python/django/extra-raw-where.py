from shop.models import Product


def search(name):
    # ruleid: python.django.extra-raw-where
    return Product.objects.extra(where=[f"name = '{name}'"])


def search_format(name):
    # ruleid: python.django.extra-raw-where
    return Product.objects.filter(active=True).extra(where=["name = '%s'" % name])


def computed(column):
    # ruleid: python.django.extra-raw-where
    return Product.objects.extra(select={"score": "score * {}".format(column)})


def safe(name):
    # ok: python.django.extra-raw-where
    return Product.objects.extra(where=["name = %s"], params=[name])


def safe_select():
    # ok: python.django.extra-raw-where
    return Product.objects.extra(select={"recent": "created > '2024-01-01'"})


def safe_filter(name):
    # ok: python.django.extra-raw-where
    return Product.objects.filter(name=name)
