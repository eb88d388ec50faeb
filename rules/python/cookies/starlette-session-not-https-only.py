from fastapi import FastAPI
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.middleware.sessions import SessionMiddleware

from mycompany.settings import settings

app = FastAPI()
# ruleid: python.cookies.starlette-session-not-https-only
app.add_middleware(SessionMiddleware, secret_key=settings.session_key)
# ruleid: python.cookies.starlette-session-not-https-only
app.add_middleware(SessionMiddleware, secret_key=settings.session_key, https_only=False)

# ruleid: python.cookies.starlette-session-not-https-only
middleware = [Middleware(SessionMiddleware, secret_key=settings.session_key, max_age=3600)]

# ok: python.cookies.starlette-session-not-https-only
app.add_middleware(SessionMiddleware, secret_key=settings.session_key, https_only=True)
# ok: python.cookies.starlette-session-not-https-only
app.add_middleware(SessionMiddleware, secret_key=settings.session_key, https_only=settings.https)
# ok: python.cookies.starlette-session-not-https-only
app.add_middleware(GZipMiddleware, minimum_size=500)
