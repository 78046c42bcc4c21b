"""Plays an OpenAPI document against the service that gave it: each operation as it is documented, then each constraint
broken once. Every response must be documented, and fit its schema."""
import base64
import http.client
import json
import re
import urllib.parse

import jsonschema

from examples import Examples

CREDENTIALS = "Basic " + base64.b64encode(b"admin:secret").decode()
FORMS = "application/x-www-form-urlencoded", "multipart/form-data"
FORMATS = jsonschema.FormatChecker()


@FORMATS.checks("date-time")
def is_date_time(value):
    return not isinstance(value, str) or bool(re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)", value))


@FORMATS.checks("date")
def is_date(value):
    return not isinstance(value, str) or bool(re.fullmatch(r"\d{4}-\d\d-\d\d", value))


class Player(Examples):
    def __init__(self, document, host, port, known=None):
        """`known`: values for parameters of paths, which the document cannot know: {"/users/{id}": "2"}."""
        super().__init__(document)
        self.known = known or {}
        self.connection = http.client.HTTPConnection(host, port, timeout=20)
        self.faults = []
        self.requests = 0
        self.statuses = set()  # (operation id, status)
        self.made = None  # the number of what was made last

    def send(self, method, target, body=None, headers=None):
        self.requests += 1
        self.connection.request(method, target, body, headers or {})
        response = self.connection.getresponse()
        return response.status, {k.lower(): v for k, v in response.getheaders()}, response.read()

    def check(self, operation, status, headers, content, accept):
        """What is wrong with a response, or nothing."""
        documented = operation["responses"].get(str(status)) or operation["responses"].get("default")
        if documented is None:
            return f"{status} is not documented"
        documented = self.resolve(documented)
        for name in documented.get("headers", {}):
            if name.lower() not in headers:
                return f"{status} has no {name}"
        contents = documented.get("content")
        if contents is None:
            return None if "default" in operation["responses"] or not content else f"{status} has content"
        media_type = headers.get("content-type", "").split(";")[0]
        if media_type not in contents:
            return f"{status} is {media_type}, not {' or '.join(contents)}"
        if accept and media_type != accept:
            return f"{status} is {media_type}, not the accepted {accept}"
        schema = contents[media_type].get("schema")
        if schema is None or not media_type.endswith("json"):
            return None
        whole = {**schema, "components": self.document["components"]}
        errors = jsonschema.Draft202012Validator(whole, format_checker=FORMATS).iter_errors(json.loads(content))
        return next((f"{status}: {e.message[:300]} at {list(e.absolute_path)}" for e in errors), None)

    def play(self, operation, method, target, expected, what, body=None, headers=None, pointer=None, parameter=None, accept=None):
        """`expected`: a status, or whether it is to succeed."""
        headers = {**({"Accept": accept} if accept else {}), **(headers or {})}
        if "security" in operation and "Authorization" not in headers:
            headers["Authorization"] = CREDENTIALS
        status, fields, content = self.send(method, target, body, headers)
        self.statuses.add((operation["operationId"], status))
        fault = self.check(operation, status, fields, content, accept)
        # A handler of which nothing is known may do anything, but an error must be documented.
        is_told = "default" in operation["responses"] and str(status) in operation["responses"]
        is_right = status < 400 or is_told if expected is True else status == expected
        if fault is None and not is_right:
            fault = f"{status}, not {'success' if expected is True else expected}"
        if fault is None and status == 422 and accept != "text/html" and (pointer is not None or parameter):
            errors = json.loads(content)["errors"]
            if not any(e.get("pointer") == pointer if parameter is None else e.get("parameter", "").lower() == parameter.lower() for e in errors):
                fault = f"no fault at {pointer if parameter is None else parameter}"
        if fault:
            self.faults.append(f"{method} {target} ({what}): {fault}; sent {str(body)[:200]}, got {content[:300]!r}")
        if status == 201:
            self.made = int(fields["location"].rsplit("/", 1)[1])
        return status

    # Operations.

    def path(self, template, operation):
        """The path with values for its parameters: what was made last, where that can be."""
        values = {}
        for p in operation.get("parameters", []):
            if p["in"] == "path":
                usual = self.example(p["schema"]) if p["schema"]["type"] == "string" else self.made or 1
                values[p["name"]] = self.known.get(template, usual)
        return re.sub(r"{(\w+)}", lambda m: str(values[m[1]]), template)

    def pairs(self, operation, place):
        return {p["name"]: self.scalar(self.example(p["schema"])) for p in operation.get("parameters", [])
                if p["in"] == place and p.get("required")}

    @staticmethod
    def scalar(value):
        return str(value).lower() if isinstance(value, bool) else value

    def encoded(self, media_type, value):
        """A body of that media type, and its header fields."""
        if media_type == FORMS[0]:
            pairs = [(k, self.scalar(one)) for k, v in value.items() for one in (v if isinstance(v, list) else [v])]
            return urllib.parse.urlencode(pairs), {"Content-Type": media_type}
        if media_type == FORMS[1]:
            parts = "".join(f'--b\r\nContent-Disposition: form-data; name="{k}"\r\n\r\n{self.scalar(one)}\r\n'
                            for k, v in value.items() for one in (v if isinstance(v, list) else [v]))
            return (parts + "--b--\r\n").encode(), {"Content-Type": media_type + "; boundary=b"}
        return (json.dumps(value) if media_type.endswith("json") else "bytes"), {"Content-Type": media_type}

    def play_all(self):
        """All operations; those that delete come last."""
        try:
            self.play_operations()
        finally:
            self.connection.close()

    def play_operations(self):
        found = [(m, path, o) for path, item in self.document["paths"].items() for m, o in item.items()]
        for method, path, operation in sorted(found, key=lambda f: f[0] == "delete"):
            self.play_operation(method.upper(), path, operation)

    def play_operation(self, method, template, operation):
        query, headers = self.pairs(operation, "query"), self.pairs(operation, "header")
        target = self.path(template, operation)
        whole = target + ("?" + urllib.parse.urlencode(query) if query else "")
        contents = operation.get("requestBody", {}).get("content", {})
        if method != "DELETE":
            self.play_parameters(method, target, operation, query, headers, contents)
        self.play_numbers(method, template, operation)
        if "security" in operation:
            self.play(operation, method, whole, 401, "no credentials", headers={"Authorization": "Basic Og=="})
        if not contents:
            for accept in self.accepted(operation):
                self.play(operation, method, whole, True, "as documented", headers=headers, accept=accept)
        for media_type, content in contents.items():
            schema = content.get("schema")
            value = self.example(schema) if schema else {"any": 1}
            body, field = self.encoded(media_type, value)
            self.play(operation, method, whole, True, "as documented", body, {**headers, **field})
            if schema and media_type in ("application/json", *FORMS):
                self.play_body(method, whole, operation, media_type, schema, headers)

    @staticmethod
    def accepted(operation):
        """The media types of the successful response, if there are several."""
        types = next((list(r.get("content", {})) for s, r in operation["responses"].items() if s[0] == "2"), [])
        return types if len(types) > 1 else [None]

    def play_body(self, method, target, operation, media_type, schema, headers):
        body, field = self.encoded(media_type, self.least(schema))
        self.play(operation, method, target, True, "only what is required", body, {**headers, **field})
        value = self.example(schema)
        for what, pointer, new, fits in self.variants(schema):
            changed = self.changed(value, pointer, new)
            if changed is None or media_type in FORMS and (not isinstance(changed, dict) or what in ("null", "type", "fraction")):
                continue
            body, field = self.encoded(media_type, changed)
            self.play(operation, method, target, True if fits else 422, f"{what} {pointer}", body, {**headers, **field},
                      pointer=self.fault_place(media_type, pointer))
        self.play(operation, method, target, 415, "another media type", "x", {"Content-Type": "application/x-none"})
        if media_type == "application/json":
            for accept in (None, "application/json", "application/problem+json", "text/html"):
                self.play(operation, method, target, 400, "not JSON", '{"', {"Content-Type": media_type}, accept=accept)
                self.play(operation, method, target, 422, "an array", "[[]]", {"Content-Type": media_type}, accept=accept)

    @staticmethod
    def fault_place(media_type, pointer):
        return pointer if media_type not in FORMS else "/" + pointer[1:].split("/")[0] if pointer.count("/") < 2 else None

    def play_parameters(self, method, target, operation, query, headers, contents):
        media_type, content = next(iter(contents.items()), (None, None))
        body, field = self.encoded(media_type, self.example(content.get("schema", {}))) if media_type else (None, {})
        for p in operation.get("parameters", []):
            if p["in"] == "path":
                continue
            schema = self.without_null(p["schema"])
            is_list, is_text = schema.get("type") == "array", schema.get("type") == "string" and "enum" not in schema
            for what, pointer, new, fits in self.variants(schema["items"] if is_list else schema):
                if what == "type" and (is_text and not schema.get("format") or is_list):
                    continue
                new = self.scalar(new)
                self.play_parameter(operation, method, target, p, new, fits, what, query, {**headers, **field}, body)
            if p.get("required"):
                self.play_parameter(operation, method, target, p, None, False, "left out", query, {**headers, **field}, body)

    def play_parameter(self, operation, method, target, parameter, value, fits, what, query, headers, body):
        name, pairs = parameter["name"], dict(query)
        headers = dict(headers)
        place = pairs if parameter["in"] == "query" else headers
        place.pop(name, None)
        if value is not None:
            place[name] = value if parameter["in"] == "query" else str(value).encode()
        target += "?" + urllib.parse.urlencode(pairs) if pairs else ""
        if parameter["in"] == "header" and value == "":
            return  # an empty field
        status = {True: True, False: 422}[fits]
        if fits and parameter["in"] == "header":  # a precondition may fail
            status = 412 if name == "If-Match" else True
        self.play(operation, method, target, status, f"{what} {name}", body, headers, parameter=name)

    def play_numbers(self, method, template, operation):
        for p in operation.get("parameters", []):
            if p["in"] == "path" and (p["schema"]["type"] != "string" or "pattern" in p["schema"]):
                self.play(operation, method, template.replace("{%s}" % p["name"], "x"), 404, "no number in the path")
