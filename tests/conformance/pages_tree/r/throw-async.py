import asyncio


async def handler(req, res):
    await asyncio.sleep(0)
    raise RuntimeError("boom secret")
