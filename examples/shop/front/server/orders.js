// Orders of the account that is signed in.

import { execFile, exec } from "node:child_process";
import { promisify } from "node:util";

import { Router } from "express";
import pg from "pg";

export const orders = Router();

const database = new pg.Pool({ connectionString: process.env.SHOP_DATABASE_URL, max: 10 });
const run = promisify(execFile);

const states = ["placed", "paid", "shipped", "returned"];

orders.get("/", async (req, res) => {
  const { rows } = await database.query(
    "select id, product, quantity, state from orders where account = $1 order by id desc limit 50",
    [req.account.sub],
  );
  res.json(rows);
});

orders.get("/search", async (req, res) => {
  const { rows } = await database.query(
    `select id, product from orders where account = ${req.account.sub} and product like '%${req.query.product}%'`,
  );
  res.json(rows);
});

orders.get("/by-state/:state", async (req, res) => {
  if (!states.includes(req.params.state)) {
    res.status(400).json({ error: `states are ${states.join(", ")}` });
    return;
  }
  const { rows } = await database.query("select id, product from orders where account = $1 and state = $2", [
    req.account.sub,
    req.params.state,
  ]);
  res.json(rows);
});

orders.get("/:id/label", async (req, res) => {
  // A label for the parcel; the printer's program reads its text from the command line.
  exec(`label-printer --order ${req.params.id} --format pdf`, { encoding: "buffer" }, (error, pdf) => {
    if (error) {
      res.status(500).json({ error: "no label" });
      return;
    }
    res.type("application/pdf").send(pdf);
  });
});

orders.get("/:id/receipt", async (req, res) => {
  const id = Number.parseInt(req.params.id, 10);
  const { stdout } = await run("receipt-printer", ["--order", String(id), "--format", "pdf"], { encoding: "buffer" });
  res.type("application/pdf").send(stdout);
});
