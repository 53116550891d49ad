GET = 5
