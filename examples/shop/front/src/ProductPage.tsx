import DOMPurify from "dompurify";
import { useQuery } from "@tanstack/react-query";

import { price, product, reviews, type Product, type Review } from "./api";

export function ProductPage({ id }: { id: number }) {
  const item = useQuery({ queryKey: ["product", id], queryFn: ({ signal }) => product(id, signal) });
  const said = useQuery({ queryKey: ["reviews", id], queryFn: ({ signal }) => reviews(id, signal) });

  if (item.isPending) {
    return <p role="status">Loading</p>;
  }
  if (item.isError) {
    return <p role="alert">This product is not available.</p>;
  }
  return (
    <main>
      <h1>{item.data.name}</h1>
      <p>{price(item.data.price_cents)}</p>
      <Description product={item.data} />
      <Maker product={item.data} />
      <section aria-label="Reviews">
        {(said.data ?? []).map((review) => (
          <ReviewCard key={review.author} review={review} />
        ))}
      </section>
    </main>
  );
}

/** The description is written by the shop's owner in an editor that makes HTML. */
function Description({ product }: { product: Product }) {
  const clean = DOMPurify.sanitize(product.description);
  return <div dangerouslySetInnerHTML={{ __html: clean }} />;
}

/** Reviews are written by anybody. */
function ReviewCard({ review }: { review: Review }) {
  return (
    <article>
      <h2>{review.author}</h2>
      <p aria-label={`${review.stars} of 5 stars`}>{"★".repeat(review.stars)}</p>
      <div dangerouslySetInnerHTML={{ __html: review.text }} />
    </article>
  );
}

function Maker({ product }: { product: Product }) {
  return (
    <p>
      Made by{" "}
      <a href={product.maker_url} target="_blank">
        its maker
      </a>
      . Read{" "}
      <a href="https://shop.example/returns" target="_blank" rel="noopener noreferrer">
        how to return it
      </a>
      .
    </p>
  );
}
