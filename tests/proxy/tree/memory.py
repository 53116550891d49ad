import resource

from pagesapi import Request, Response


def handler(req: Request, res: Response) -> int:
    """The most memory that this process ever had, in kilobytes."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
