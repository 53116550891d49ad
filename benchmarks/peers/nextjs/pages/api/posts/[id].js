import { TITLE } from "../../../lib/posts"

export default function handler(req, res) {
  res.status(200).json({ id: Number(req.query.id), title: TITLE })
}
