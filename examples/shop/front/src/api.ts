// What the pages ask the server.

export interface Product {
  id: number;
  name: string;
  price_cents: number;
  description: string;
  maker_url: string;
}

export interface Review {
  author: string;
  text: string;
  stars: 1 | 2 | 3 | 4 | 5;
}

export class Refused extends Error {
  constructor(readonly status: number) {
    super(`the server answered ${status}`);
  }
}

async function get<T>(path: string, signal?: AbortSignal): Promise<T> {
  const answer = await fetch(path, { credentials: "same-origin", signal });
  if (!answer.ok) {
    throw new Refused(answer.status);
  }
  return (await answer.json()) as T;
}

export const product = (id: number, signal?: AbortSignal) => get<Product>(`/products/${id}`, signal);

export const reviews = (id: number, signal?: AbortSignal) => get<Review[]>(`/products/${id}/reviews`, signal);

/** Tells the page that shows the shop in a frame what was bought. */
export function announce(order: { id: number; total_cents: number; email: string }): void {
  window.parent.postMessage({ kind: "order-placed", order }, "*");
}

/** Tells the page that shows the shop in a frame how high it is to be. */
export function announceHeight(embedder: string): void {
  window.parent.postMessage({ kind: "height", pixels: document.body.scrollHeight }, embedder);
}

export function price(cents: number): string {
  return new Intl.NumberFormat("en", { style: "currency", currency: "EUR" }).format(cents / 100);
}
