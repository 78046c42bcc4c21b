#!/usr/bin/env python3
"""What lib/README.md shows of FastAPI: it runs, and answers as tests/unit/openapi/items_test.cpp and
tests/integration/test_streams.py require of phial. Skipped where FastAPI is not installed."""
import asyncio
import hashlib
import itertools
import json
import os
import re
import sys
import tempfile
import unittest

PAGE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "lib", "README.md")


def run_block(number, **more):
    """The names that the nth Python block of the page defines."""
    import fastapi.responses
    import pydantic
    with open(PAGE, encoding="utf-8") as page:
        source = re.findall(r"(?ms)^```python\n(.*?)^```$", page.read())[number]
    names = {**vars(fastapi), **vars(fastapi.responses), **vars(pydantic), "Query": fastapi.Query, **more}
    exec(compile(source, "lib/README.md", "exec"), names)
    return names


class Original(unittest.TestCase):
    def setUp(self):
        try:
            import fastapi.testclient
            self.fastapi = fastapi
        except ImportError as missing:
            self.skipTest(str(missing))

    def test_the_streams_answer_as_the_page_says(self):
        app = self.fastapi.FastAPI()
        names = run_block(1, app=app, asyncio=asyncio, hashlib=hashlib, itertools=itertools, json=json, readings=[])
        names["readings"] += [names["Reading"](number=1, celsius=20.5), names["Reading"](number=2, celsius=21)]
        client = self.fastapi.testclient.TestClient(app)
        tag = client.get("/readings").headers["ETag"]
        self.assertEqual(client.get("/readings", headers={"If-None-Match": tag}).status_code, 304)
        answer = client.get("/readings.ndjson")
        self.assertEqual(answer.headers["Content-Type"], "application/x-ndjson")
        self.assertEqual([line.replace(" ", "") for line in answer.text.splitlines()],
                         ['{"number":1,"celsius":20.5}', '{"number":2,"celsius":21.0}'])

        async def first_event():
            return await (await names["watch"]()).body_iterator.__anext__()

        self.assertEqual(asyncio.run(first_event()), "id: 1\ndata: 1\n\n")

    def test_a_folder_is_served_as_the_page_says(self):
        from fastapi.staticfiles import StaticFiles
        with tempfile.TemporaryDirectory() as folder:
            os.mkdir(os.path.join(folder, "public"))
            with open(os.path.join(folder, "public", "a.txt"), "w") as file:
                file.write("here")
            before = os.getcwd()
            os.chdir(folder)
            app = self.fastapi.FastAPI()
            run_block(2, app=app, StaticFiles=StaticFiles)
            self.assertEqual(self.fastapi.testclient.TestClient(app).get("/static/a.txt").text, "here")
            os.chdir(before)

    def test_the_items_answer_as_the_page_says(self):
        client = self.fastapi.testclient.TestClient(run_block(0)["app"])
        self.assertEqual(client.get("/").json(), {"message": "Hello World"})
        made = client.post("/items", json={"name": "Tea", "price": 2.5})
        self.assertEqual((made.status_code, made.headers["Location"]), (201, "/items/1"))
        self.assertEqual(made.json(), {"name": "Tea", "description": None, "price": 2.5, "tax": None, "tags": []})
        self.assertEqual(client.get("/items/1").json(), made.json())
        self.assertEqual(client.get("/items?limit=1").json(), [made.json()])
        self.assertEqual(client.get("/items?skip=1").json(), [])
        self.assertEqual(client.put("/items/1", json={"name": "Cake", "price": 3, "tags": ["new"]}).status_code, 200)
        self.assertEqual(client.get("/items?limit=0").status_code, 422)
        self.assertEqual(client.post("/items", json={"name": "", "price": "much"}).status_code, 422)
        self.assertEqual(client.delete("/items/1").status_code, 204)
        self.assertEqual(client.get("/items/1").status_code, 404)


if __name__ == "__main__":
    program = unittest.main(verbosity=2, exit=False)
    for test, reason in program.result.skipped:
        print("skipped: FastAPI:", reason)
    sys.exit(0 if program.result.wasSuccessful() else 1)
