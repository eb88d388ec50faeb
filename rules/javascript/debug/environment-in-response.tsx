export async function getServerSideProps() {
  const token = process.env.CMS_ACCESS_TOKEN;
  const posts = await loadPosts();
  // ruleid: javascript.debug.environment-in-response
  return { props: { posts, token } };
}

export async function getStaticProps() {
  const posts = await loadPosts();
  // ok: javascript.debug.environment-in-response
  return { props: { posts, site: process.env.SITE_NAME } };
}
