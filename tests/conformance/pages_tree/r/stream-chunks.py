def handler(req, res):
    res.stream((f"data: chunk{number}\n\n" for number in range(3)), content_type="text/event-stream")
