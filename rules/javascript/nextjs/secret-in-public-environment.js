export function checkout() {
  // ruleid: javascript.nextjs.secret-in-public-environment
  return createClient(process.env.NEXT_PUBLIC_PAYMENT_SECRET_KEY);
}

export function admin() {
  // ruleid: javascript.nextjs.secret-in-public-environment
  return connect({ user: 'app', password: import.meta.env.VITE_DB_PASSWORD });
}

export function publicValues() {
  // ok: javascript.nextjs.secret-in-public-environment
  const url = process.env.NEXT_PUBLIC_API_URL;
  // ok: javascript.nextjs.secret-in-public-environment
  const key = process.env.NEXT_PUBLIC_PAYMENT_PUBLISHABLE_KEY;
  // ok: javascript.nextjs.secret-in-public-environment
  return { url, key, reset: process.env.NEXT_PUBLIC_RESET_PASSWORD_URL };
}

export function serverSide() {
  // ok: javascript.nextjs.secret-in-public-environment
  return createClient(process.env.PAYMENT_SECRET_KEY);
}
