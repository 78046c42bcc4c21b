"""The documents of two services are true: the tutorial's, and one whose handlers declare all that they can."""
import json
import os
import sys
import unittest
import urllib.request

sys.path.append(os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "integration"))
from phial import Service
from player import Player

SAMPLE = os.environ["PHIAL_SAMPLE"]


def load(url):
    with urllib.request.urlopen(url, timeout=20) as response:
        return response.headers, response.read().decode()


class Document(unittest.TestCase):
    maxDiff = None

    def play(self, service, known=None):
        document = json.loads(load(service.url + "/openapi.json")[1])
        player = Player(document, service.host, service.port, known)
        player.play_all()
        self.assertEqual(player.faults, [], "\n".join(player.faults))
        return player

    def test_the_document_of_the_tutorial_is_true(self):
        with Service() as service:
            player = self.play(service, {"/users/{id}": "2"})
        self.assertGreaterEqual(player.requests, 25)
        self.assertEqual(player.document["info"]["title"], "phial")

    def test_the_document_of_typed_handlers_is_true(self):
        with Service(binary=SAMPLE) as service:
            player = self.play(service)
        self.assertGreater(player.requests, 300)
        played = {status for _, status in player.statuses}
        self.assertEqual(played, {200, 201, 204, 400, 401, 404, 412, 415, 422})

    def test_a_wrong_document_is_noticed(self):
        """Otherwise the tests above would prove nothing."""
        def loosen(document):
            document["components"]["schemas"]["new_note.input"]["properties"]["title"]["maxLength"] = 201
        def tighten(document):
            document["components"]["schemas"]["new_note"]["properties"]["priority"] = {"type": "string"}
        def forget_a_status(document):
            del document["paths"]["/api/notes"]["post"]["responses"]["422"]
        def forget_an_error(document):
            del document["paths"]["/api/notes/{id}"]["patch"]["responses"]["412"]
        def add_a_field(document):
            document["paths"]["/api/notes"]["post"]["responses"]["201"]["headers"]["X-None"] = {}
        def demand(document):
            document["components"]["schemas"]["new_note.input"]["required"].append("content")
        def allow(document):
            del document["components"]["schemas"]["new_note.input"]["additionalProperties"]
        def lie(document):
            document["paths"]["/untold"]["get"]["responses"] = {"404": {"description": "Never."}}
        changes = (loosen, tighten, forget_a_status, forget_an_error, add_a_field, demand, allow, lie)
        with Service(binary=SAMPLE) as service:
            text = load(service.url + "/openapi.json")[1]
            for change in changes:
                with self.subTest(change.__name__):
                    document = json.loads(text)
                    change(document)
                    player = Player(document, service.host, service.port)
                    player.play_all()
                    self.assertNotEqual(player.faults, [])

    def test_docs_is_a_setting(self):
        with Service("--docs", "no") as service:
            for path in ("/docs", "/openapi.json", "/docs/script.js"):
                with self.subTest(path), self.assertRaises(urllib.error.HTTPError) as refused:
                    load(service.url + path)
                self.assertEqual(refused.exception.code, 404)

    def test_the_page_loads_nothing_from_elsewhere(self):
        with Service(binary=SAMPLE) as service:
            headers, page = load(service.url + "/docs")
            parts = ("style.css", "script.js", "element.js", "schemas.js", "request.js")
            loaded = [load(service.url + "/docs/" + part)[1] for part in parts]
            with self.assertRaises(urllib.error.HTTPError):
                load(service.url + "/docs/other.js")
        policy = dict(rule.strip().split(" ", 1) for rule in headers["Content-Security-Policy"].split(";"))
        self.assertEqual(policy["default-src"], "'none'")
        self.assertEqual(policy["script-src"], "'self'")
        self.assertNotIn("unsafe", headers["Content-Security-Policy"])
        self.assertIn("<title>Sample &lt;1&gt;</title>", page)
        for text in (page, *loaded):
            self.assertNotRegex(text, r"(https?:)?//[a-z]+\.[a-z]")
        self.assertLess(sum(len(t.encode()) for t in (page, *loaded)), 30000)


if __name__ == "__main__":
    unittest.main()
