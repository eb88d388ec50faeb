import { Request, Response, Router } from 'express';
import { Pool } from 'pg';
import Database from 'better-sqlite3';
import * as sql from 'mssql';

const router = Router();
const store = new Pool();
const db = new Database('app.db');

class ReportRepository {
  constructor(private readonly pool: Pool) {}

  async byRegion(region: string) {
    const where = region ? `WHERE region = '${region}'` : '';
    // ruleid: javascript.injection.sql-from-request
    return this.pool.query(`SELECT * FROM reports ${where}`);
  }

  async byYear(year: string) {
    // ok: javascript.injection.sql-from-request
    return this.pool.query('SELECT * FROM reports WHERE year = $1', [year]);
  }
}

const reports = new ReportRepository(store);

router.get('/reports', async (request: Request, response: Response) => {
  response.json(await reports.byRegion(request.query.region as string));
});

router.get('/reports/:year', async (request: Request, response: Response) => {
  response.json(await reports.byYear(request.params.year));
});

router.get('/items', (req: Request, res: Response) => {
  // ruleid: javascript.injection.sql-from-request
  const statement = db.prepare(`SELECT * FROM items WHERE kind = '${req.query.kind}'`);
  res.json(statement.all());
});

router.get('/items/:id', (req: Request, res: Response) => {
  // ok: javascript.injection.sql-from-request
  const statement = db.prepare('SELECT * FROM items WHERE id = ?');
  res.json(statement.get(req.params.id));
});

router.get('/customers', async (req: Request, res: Response) => {
  const connection = await sql.connect('');
  // ruleid: javascript.injection.sql-from-request
  const result = await connection.request().query('SELECT * FROM customers WHERE city = \'' + req.query.city + '\'');
  res.json(result.recordset);
});
