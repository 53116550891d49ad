// The counterpart of benchmarks/blog/templates/post.html. posts.json holds what benchmarks/blog/posts.py makes.
import fs from "node:fs"
import Layout from "../../components/layout"

let read

function blog() {
  if (!read) {
    const posts = JSON.parse(fs.readFileSync("posts.json", "utf-8"))
    read = { posts, numbers: new Map(posts.map(({ slug }, number) => [slug, number])) }
  }
  return read
}

export function getStaticPaths() {
  return { paths: blog().posts.map(({ slug }) => ({ params: { slug } })), fallback: false }
}

export function getStaticProps({ params }) {
  const { posts, numbers } = blog()
  const number = numbers.get(params.slug)
  const [before, after, ...related] = [-1, 1, 7, 14, 21, 28].map((step) => {
    const { slug, title } = posts.at((number + step) % posts.length)
    return { slug, title }
  })
  return { props: { post: posts[number], before, after, related }, revalidate: 3600 }
}

const link = ({ slug, title }) => <a href={`/posts/${slug}/`}>{title}</a>

export default function Post({ post, before, after, related }) {
  const date = new Date(post.published)
  const description = post.paragraphs[0].split(" ").slice(0, 12).join(" ") + " …"
  const spelt = date.toLocaleDateString("en-GB", { day: "numeric", month: "long", year: "numeric", timeZone: "UTC" })
  return (
    <Layout title={post.title} description={description}>
      <article>
        <h1>{post.title}</h1>
        <p>
          <time dateTime={post.published}>{spelt}</time>
          {post.tags.map((tag) => (
            <a key={tag} rel="tag" href={`/tags/${tag}/`}>{tag}</a>
          ))}
        </p>
        {post.paragraphs.map((paragraph, at) => (
          <p key={at}>{paragraph}</p>
        ))}
      </article>
      <aside>
        <h2>More on {post.tags[0]}</h2>
        <ul>
          {related.map((other, at) => (
            <li key={other.slug} className={at ? undefined : "first"}>{link(other)}</li>
          ))}
        </ul>
      </aside>
      <nav>
        {link(before)} {link(after)}
      </nav>
    </Layout>
  )
}
