import unittest


def delete_user(request, user_id):
    # ruleid: python.dangerous.assert-authorization
    assert request.user.is_admin
    return f"deleted {user_id}"


def export(user):
    # ruleid: python.dangerous.assert-authorization
    assert user.has_perm("shop.export"), "not allowed"
    return "data"


def edit(request, document):
    # ruleid: python.dangerous.assert-authorization
    assert check_permission(request, document)
    return document


def check_permission(request, document):
    return document.owner == request.user


def safe(request):
    # ok: python.dangerous.assert-authorization
    if not request.user.is_admin:
        raise PermissionError("administrators only")


def invariant(values):
    # ok: python.dangerous.assert-authorization
    assert len(values) > 0
    # ok: python.dangerous.assert-authorization
    assert values.is_sorted
    return values[0]


def test_admin_flag(user):
    # ok: python.dangerous.assert-authorization
    assert user.is_admin


class UserTest(unittest.TestCase):
    def check(self):
        # ok: python.dangerous.assert-authorization
        assert self.user.is_admin
