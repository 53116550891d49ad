from tests.conformance.app_tree._echo import echo


def GET(request, **params):
    return echo("api/prio/[id]/x", request, params)
