from lxml import etree


def find_user(tree: etree._Element, name):
    # ruleid: python.audit.xpath-string-building
    return tree.xpath(f"//user[@name='{name}']")


def check(tree, name, password):
    # ruleid: python.audit.xpath-string-building
    return tree.xpath("//user[name='%s' and password='%s']" % (name, password))


def stepwise(tree, name):
    expression = "//user[@name='" + name + "']/role"
    # ruleid: python.audit.xpath-string-building
    return tree.xpath(expression)


def safe(tree, name):
    # ok: python.audit.xpath-string-building
    return tree.xpath("//user[@name=$name]", name=name)


def literal(tree):
    # ok: python.audit.xpath-string-building
    return tree.xpath("//user[@role='admin']")


def tag(tree, namespace):
    # ok: python.audit.xpath-string-building
    return tree.findall(f"{{{namespace}}}item")
