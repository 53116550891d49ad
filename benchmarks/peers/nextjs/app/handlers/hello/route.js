import { MESSAGE } from "../../../lib/posts"

export const dynamic = "force-dynamic" // made for each request, as everybody's

export async function GET() {
  return Response.json({ message: MESSAGE })
}
