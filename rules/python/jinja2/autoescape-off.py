import jinja2
from flask import Flask
from jinja2 import Environment, FileSystemLoader, select_autoescape

app = Flask(__name__)
# ruleid: python.jinja2.autoescape-off
app.jinja_env.autoescape = False

# ruleid: python.jinja2.autoescape-off
mail = Environment(loader=FileSystemLoader("templates"), autoescape=False)

# ruleid: python.jinja2.autoescape-off
default = jinja2.Environment(loader=FileSystemLoader("templates"))

# ok: python.jinja2.autoescape-off
pages = Environment(loader=FileSystemLoader("templates"), autoescape=select_autoescape())

# ok: python.jinja2.autoescape-off
strict = jinja2.Environment(loader=FileSystemLoader("templates"), autoescape=True)


def latex():
    # ok: python.jinja2.autoescape-off
    return Environment(block_start_string=r"\BLOCK{", block_end_string="}", autoescape=False)


def configured(options):
    # ok: python.jinja2.autoescape-off
    return jinja2.Environment(**options)
