import logging

from loguru import logger as log

logger = logging.getLogger(__name__)


def login(user, password):
    # ruleid: python.logging.secret-in-log
    logger.info("login of %s with %s", user.name, password)


def connect(api_key):
    # ruleid: python.logging.secret-in-log
    logging.debug(f"connecting with key {api_key}")


def reset(user):
    # ruleid: python.logging.secret-in-log
    log.warning("reset token: {}".format(user.reset_token))
    # ruleid: python.logging.secret-in-log
    logger.info("token %s", user.reset_token)


def safe(user, password):
    # ok: python.logging.secret-in-log
    logger.info("login of %s", user.name)
    # ok: python.logging.secret-in-log
    logger.debug("password has %d characters", len(password))


def statistics(token_count, password_policy):
    # ok: python.logging.secret-in-log
    logger.info("used %d tokens, policy %s", token_count, password_policy)


def mathematics(math, secret):
    # ok: python.logging.secret-in-log
    return math.log(secret)
