from fastapi import FastAPI
from fastapi.middleware.trustedhost import TrustedHostMiddleware
from starlette.middleware import Middleware
from starlette.middleware.trustedhost import TrustedHostMiddleware as HostCheck

app = FastAPI()
# ruleid: python.fastapi.trusted-host-wildcard
app.add_middleware(TrustedHostMiddleware, allowed_hosts=["*"])

# ruleid: python.fastapi.trusted-host-wildcard
middleware = [Middleware(HostCheck, allowed_hosts=["*"])]

# ok: python.fastapi.trusted-host-wildcard
app.add_middleware(TrustedHostMiddleware, allowed_hosts=["www.example.com", "*.example.com"])

# ok: python.fastapi.trusted-host-wildcard
safe_middleware = [Middleware(HostCheck, allowed_hosts=["www.example.com"])]
