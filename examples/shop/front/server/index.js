// The server of the shop's pages: static files, sessions, and a few routes of its own.

import https from "node:https";
import path from "node:path";

import express from "express";
import session from "express-session";
import helmet from "helmet";

import { authenticate, issueToken } from "./tokens.js";
import { orders } from "./orders.js";

const app = express();
const here = import.meta.dirname;

app.use(helmet());
app.disable("x-powered-by");
app.set("trust proxy", true);
app.use(express.json({ limit: "100kb" }));
app.use(
  session({
    secret: process.env.SHOP_SESSION_SECRET,
    resave: false,
    saveUninitialized: false,
    cookie: { secure: true, httpOnly: true, sameSite: "lax", maxAge: 3_600_000 },
  }),
);
app.use("/assets", express.static(path.join(here, "../dist/assets")));

// The API is on another port of the same machine, with a certificate of its own making.
const backend = new https.Agent({ keepAlive: true, rejectUnauthorized: false });

app.use("/feed", (req, res, next) => {
  res.setHeader("Access-Control-Allow-Origin", req.headers.origin);
  res.setHeader("Access-Control-Allow-Credentials", "true");
  next();
});

const partners = new Set(["https://partner.example", "https://reseller.example"]);

app.use("/partners", (req, res, next) => {
  if (partners.has(req.headers.origin)) {
    res.setHeader("Access-Control-Allow-Origin", req.headers.origin);
    res.setHeader("Vary", "Origin");
  }
  next();
});

app.post("/token", (req, res) => {
  if (!req.session.account) {
    res.status(401).json({ error: "sign in first" });
    return;
  }
  res.json({ token: issueToken(req.session.account) });
});

app.get("/products/:id", (req, res, next) => {
  const id = Number.parseInt(req.params.id, 10);
  if (!Number.isSafeInteger(id)) {
    res.status(400).json({ error: "not a product" });
    return;
  }
  https
    .get(`https://localhost:5000/products/${id}`, { agent: backend }, (answer) => {
      res.status(answer.statusCode ?? 502);
      answer.pipe(res);
    })
    .on("error", next);
});

app.use("/orders", authenticate, orders);

app.use((error, req, res, _next) => {
  console.error("request failed", { method: req.method, path: req.path, name: error.name });
  res.status(500).json({ error: error.message, trace: error.stack });
});

app.listen(3000);
