#!/usr/bin/env python3
"""The items of lib/README.md in FastAPI: what the page shows runs, and answers as tests/unit/openapi/items_test.cpp
requires of phial. Skipped where FastAPI is not installed."""
import os
import re
import sys
import unittest

PAGE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "lib", "README.md")


class Original(unittest.TestCase):
    def test_it_answers_as_the_page_says(self):
        try:
            import fastapi
            import fastapi.testclient
            import pydantic
        except ImportError as missing:
            self.skipTest(str(missing))
        with open(PAGE, encoding="utf-8") as page:
            source = re.search(r"(?ms)^```python\n(.*?)^```$", page.read())[1]
        names = {**vars(fastapi), **vars(pydantic), "Query": fastapi.Query}
        exec(compile(source, "lib/README.md", "exec"), names)
        client = fastapi.testclient.TestClient(names["app"])
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
