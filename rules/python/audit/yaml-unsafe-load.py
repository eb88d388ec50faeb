import ruamel.yaml
import yaml
import yaml as y
from yaml import FullLoader, SafeLoader, load

from mycompany.loaders import StrictLoader

try:
    from yaml import CSafeLoader as FastLoader
except ImportError:
    from yaml import SafeLoader as FastLoader


def read(text):
    # ruleid: python.audit.yaml-unsafe-load
    return yaml.load(text)


def read_unsafe(text):
    # ruleid: python.audit.yaml-unsafe-load
    return yaml.load(text, Loader=yaml.Loader)


def read_full(text):
    # ruleid: python.audit.yaml-unsafe-load
    return load(text, Loader=FullLoader)


def read_positional(text):
    # ruleid: python.audit.yaml-unsafe-load
    return y.load(text, y.UnsafeLoader)


def read_function(text):
    # ruleid: python.audit.yaml-unsafe-load
    return yaml.unsafe_load(text)


def read_ruamel(text):
    # ruleid: python.audit.yaml-unsafe-load
    return ruamel.yaml.YAML(typ="unsafe").load(text)


def safe(text):
    # ok: python.audit.yaml-unsafe-load
    return yaml.safe_load(text)


def safe_loader(text):
    # ok: python.audit.yaml-unsafe-load
    return yaml.load(text, Loader=yaml.SafeLoader)


def safe_imported(text):
    # ok: python.audit.yaml-unsafe-load
    return load(text, SafeLoader)


def safe_fallback(text):
    # ok: python.audit.yaml-unsafe-load
    return yaml.load(text, Loader=FastLoader)


def ruamel_named_yaml(text):
    yaml = ruamel.yaml.YAML(typ="rt")
    # ok: python.audit.yaml-unsafe-load
    return yaml.load(text)


def custom(text):
    # ok: python.audit.yaml-unsafe-load
    return yaml.load(text, Loader=StrictLoader)


def ruamel_safe(text):
    # ok: python.audit.yaml-unsafe-load
    return ruamel.yaml.YAML(typ="safe").load(text)
