import { posts } from "../../../lib/posts"

export const dynamic = "force-dynamic"

export async function GET() {
  return Response.json(posts())
}
