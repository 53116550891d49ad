// The counterpart of benchmarks/blog/templates/base.html.
import Head from "next/head"

export default function Layout({ title, description, children }) {
  return (
    <>
      <Head>
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>{`${title} – Notes`}</title>
        <meta name="description" content={description} />
        <link rel="stylesheet" href="/static/site.css" />
      </Head>
      <header>
        <nav>
          <a href="/">Notes</a> <a href="/posts/">Archive</a> <a href="/about/">About</a>
        </nav>
      </header>
      <main>{children}</main>
      <footer>
        <p>Written by hand, built once.</p>
      </footer>
    </>
  )
}
