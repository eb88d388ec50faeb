import { Prisma, PrismaClient } from '@prisma/client';
import type { NextApiRequest, NextApiResponse } from 'next';
import { NextRequest, NextResponse } from 'next/server';

const prisma = new PrismaClient();

export default async function handler(req: NextApiRequest, res: NextApiResponse) {
  const { email } = req.query;
  // ruleid: javascript.injection.prisma-from-request
  const users = await prisma.$queryRawUnsafe(`SELECT * FROM "User" WHERE email = '${email}'`);
  res.status(200).json(users);
}

export async function GET(request: NextRequest) {
  const sort = request.nextUrl.searchParams.get('sort') ?? 'id';
  // ruleid: javascript.injection.prisma-from-request
  const rows = await prisma.$queryRaw`SELECT * FROM "Post" ORDER BY ${Prisma.raw(sort)}`;
  return NextResponse.json(rows);
}

export async function POST(request: NextRequest) {
  const body = await request.json();
  await rename(body.from, body.to);
  return NextResponse.json({ done: true });
}

async function rename(from: string, to: string) {
  const statement = "UPDATE \"Tag\" SET name = '" + to + "' WHERE name = '" + from + "'";
  // ruleid: javascript.injection.prisma-from-request
  await prisma.$executeRawUnsafe(statement);
}

export async function PUT(request: NextRequest) {
  const { id } = await request.json();
  // ok: javascript.injection.prisma-from-request
  const rows = await prisma.$queryRaw`SELECT * FROM "Post" WHERE id = ${id}`;
  // ok: javascript.injection.prisma-from-request
  await prisma.$executeRawUnsafe('DELETE FROM "Draft" WHERE post = $1', id);
  return NextResponse.json(rows);
}

export async function DELETE(request: NextRequest) {
  const { title } = await request.json();
  // ok: javascript.injection.prisma-from-request
  await prisma.$executeRaw(Prisma.sql`DELETE FROM "Post" WHERE title = ${title}`);
  // ok: javascript.injection.prisma-from-request
  const left = await prisma.post.findMany({ where: { title } });
  return NextResponse.json(left);
}
