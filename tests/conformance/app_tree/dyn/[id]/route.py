from tests.conformance.app_tree._echo import echo


async def GET(request, **params):
    return echo("api/dyn/[id]", request, params)
