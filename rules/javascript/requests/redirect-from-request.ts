import { cookies } from 'next/headers';
import { redirect } from 'next/navigation';
import { NextRequest, NextResponse } from 'next/server';

export async function GET(request: NextRequest) {
  const target = request.nextUrl.searchParams.get('next') ?? '/';
  // ruleid: javascript.requests.redirect-from-request
  return NextResponse.redirect(target);
}

export async function POST(request: Request) {
  const { searchParams } = new URL(request.url);
  go(searchParams.get('to'));
}

function go(target: string | null) {
  // ruleid: javascript.requests.redirect-from-request
  redirect(target ?? '/');
}

export async function PUT(request: NextRequest) {
  const form = await request.formData();
  // ruleid: javascript.requests.redirect-from-request
  return Response.redirect(String(form.get('target')));
}

export async function PATCH(request: NextRequest) {
  // ok: javascript.requests.redirect-from-request
  return NextResponse.redirect(new URL('/login', request.url));
}

export async function DELETE(request: NextRequest) {
  const url = request.nextUrl.clone();
  url.pathname = '/goodbye';
  // ok: javascript.requests.redirect-from-request
  return NextResponse.redirect(url);
}

export async function HEAD(request: NextRequest) {
  const id = request.nextUrl.searchParams.get('id');
  // ok: javascript.requests.redirect-from-request
  redirect(`/items/${id}`);
}
