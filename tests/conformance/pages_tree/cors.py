def handler(req, res):
    res.set_header("Access-Control-Allow-Origin", "*")
    res.json({"message": "Hello Everyone!"})
