def handler(req, res):
    return res.json({"preview": req.preview, "previewData": req.preview_data, "draftMode": req.draft})
