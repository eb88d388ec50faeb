import ast
import re
from codeop import compile_command


def build(source):
    # ruleid: python.audit.compile-code
    return compile(source, "<rule>", "exec")


def build_keyword(source):
    # ruleid: python.audit.compile-code
    return compile(source, filename="rule.py", mode="eval")


def interactive(line):
    # ruleid: python.audit.compile-code
    return compile_command(line)


def tree(module):
    checked = ast.Module(body=module.body, type_ignores=[])
    # ok: python.audit.compile-code
    return compile(checked, "<rule>", "exec")


def literal():
    # ok: python.audit.compile-code
    return compile("1 + 1", "<rule>", "eval")


def expression(pattern):
    # ok: python.audit.compile-code
    return re.compile(pattern)
