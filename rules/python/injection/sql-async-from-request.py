import asyncpg
from fastapi import Depends, FastAPI, Query

app = FastAPI()


async def get_pool():
    return await asyncpg.create_pool("postgresql://localhost/shop")


@app.get("/users/{email}")
async def user(email: str, pool=Depends(get_pool)):
    async with pool.acquire() as conn:
        # ruleid: python.injection.sql-async-from-request
        row = await conn.fetchrow(f"SELECT * FROM users WHERE email = '{email}'")
    return dict(row)


@app.get("/items")
async def items(q: str = Query(...), limit: int = 10):
    conn = await asyncpg.connect("postgresql://localhost/shop")
    sql = "SELECT * FROM items WHERE title ILIKE '%" + q + "%'"
    # ruleid: python.injection.sql-async-from-request
    rows = await conn.fetch(sql)
    return [dict(r) for r in rows]


async def count_rows(db, where):
    # ruleid: python.injection.sql-async-from-request
    return await db.fetchval("SELECT count(*) FROM items WHERE " + where)


@app.get("/count")
async def count(where: str):
    db = await asyncpg.connect("postgresql://localhost/shop")
    return {"count": await count_rows(db, where)}


@app.get("/safe/{email}")
async def safe(email: str):
    conn = await asyncpg.connect("postgresql://localhost/shop")
    # ok: python.injection.sql-async-from-request
    row = await conn.fetchrow("SELECT * FROM users WHERE email = $1", email)
    return dict(row)


@app.get("/page")
async def page(limit: int = 10):
    conn = await asyncpg.connect("postgresql://localhost/shop")
    # ok: python.injection.sql-async-from-request
    rows = await conn.fetch(f"SELECT * FROM items LIMIT {limit}")
    return [dict(r) for r in rows]


@app.get("/sorted")
async def listing(order: str = "title"):
    if order not in {"title", "price"}:
        order = "title"
    conn = await asyncpg.connect("postgresql://localhost/shop")
    # ok: python.injection.sql-async-from-request
    rows = await conn.fetch("SELECT * FROM items ORDER BY " + order)
    return [dict(r) for r in rows]
