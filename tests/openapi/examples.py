"""Values for the schemas of an OpenAPI document: examples that fit, and others that are at or beyond one bound."""
import copy


def text_for(schema):
    """A text that fits; patterns here are of letters with hyphens between them."""
    if schema.get("format") == "date-time":
        return "2026-02-28T09:30:00Z"
    if schema.get("format") == "date":
        return "2026-02-28"
    least, most = schema.get("minLength", 0), schema.get("maxLength", 3)
    return "a" * max(least, min(3, most))


class Examples:
    def __init__(self, document):
        self.document = document

    def resolve(self, value):
        while "$ref" in value:
            beside = {k: v for k, v in value.items() if k != "$ref"}
            found = self.document
            for key in value["$ref"][2:].split("/"):
                found = found[key.replace("~1", "/").replace("~0", "~")]
            value = {**found, **beside}
        return value

    def without_null(self, schema):
        schema = self.resolve(schema)
        if "anyOf" in schema:
            return self.resolve(next(s for s in schema["anyOf"] if s.get("type") != "null"))
        return schema

    def example(self, schema, depth=0):
        """A value with all members, but recursive ones end."""
        schema = self.without_null(schema)
        if "enum" in schema:
            return schema["enum"][0]
        if "examples" in schema:
            return schema["examples"][0]
        kind = schema.get("type")
        if kind == "string":
            return text_for(schema)
        if kind in ("integer", "number"):
            return schema.get("minimum", 1)
        if kind == "boolean":
            return True
        if kind == "array":
            return [self.example(schema["items"], depth + 1)] if depth < 6 else []
        if kind == "object":
            value = {k: self.example(s, depth + 1) for k, s in schema.get("properties", {}).items()}
            if isinstance(schema.get("additionalProperties"), dict):
                value["key"] = self.example(schema["additionalProperties"], depth + 1)
            return value
        return {"any": [None, 1.5]}

    def least(self, schema):
        """A value with what is required alone."""
        schema = self.without_null(schema)
        if schema.get("type") != "object" or "properties" not in schema:
            return self.example(schema)
        return {k: self.least(schema["properties"][k]) for k in schema.get("required", [])}

    def variants(self, schema, pointer="", depth=0):
        """(what, pointer, value, whether it fits); a value of ... is none: the member is left out."""
        given = self.resolve(schema)
        schema = self.without_null(schema)
        if "anyOf" in given:
            yield "null", pointer, None, True
        kind = schema.get("type")
        if kind is None or depth > 3:
            return
        yield "type", pointer, 7 if kind in ("string", "array", "object") else "x", False
        if "enum" in schema:
            yield from (("enum", pointer, value, True) for value in schema["enum"])
            yield "no enumerator", pointer, "none of them", False
        if schema.get("minLength", 0) > 0 and "pattern" not in schema:
            yield "short", pointer, "ü" * (schema["minLength"] - 1), False
            yield "shortest", pointer, "ü" * schema["minLength"], True
        if "maxLength" in schema:
            letter = "a" if "pattern" in schema else "ü"
            yield "long", pointer, letter * (schema["maxLength"] + 1), False
            yield "longest", pointer, letter * schema["maxLength"], True
        if "pattern" in schema:
            yield "pattern", pointer, "-A-", False
        if "minimum" in schema:
            yield "low", pointer, schema["minimum"] - 1, False
            yield "lowest", pointer, schema["minimum"], True
        if "maximum" in schema:
            yield "high", pointer, schema["maximum"] + 1, False
            yield "highest", pointer, schema["maximum"], True
        if kind == "integer":
            yield "fraction", pointer, 1.5, False
        if schema.get("format") in ("date-time", "date"):
            yield "no such day", pointer, text_for(schema).replace("02-28", "02-30"), False
        if kind == "array":
            one = self.example(schema["items"], depth + 1)
            if "maxItems" in schema:
                yield "many", pointer, [one] * (schema["maxItems"] + 1), False
                yield "most", pointer, [one] * schema["maxItems"], True
            if schema.get("minItems", 0) > 0:
                yield "few", pointer, [one] * (schema["minItems"] - 1), False
            yield from self.variants(schema["items"], pointer + "/0", depth + 1)
        if kind == "object":
            yield from self.object_variants(schema, pointer, depth)

    def object_variants(self, schema, pointer, depth):
        properties, others = schema.get("properties", {}), schema.get("additionalProperties", True)
        for name, member in properties.items():
            yield "left out", f"{pointer}/{name}", ..., name not in schema.get("required", [])
            yield from self.variants(member, f"{pointer}/{name}", depth + 1)
        if not isinstance(others, dict):
            yield "unknown", f"{pointer}/not_there", 1, others
        else:
            one = self.example(others)
            if "maxProperties" in schema:
                yield "many", pointer, {f"k{n}": one for n in range(schema["maxProperties"] + 1)}, False
            yield from self.variants(others, pointer + "/key", depth + 1)

    @staticmethod
    def changed(value, pointer, new):
        """`value` with `new` where the pointer points to; None when that is not there."""
        if not pointer:
            return new
        value = copy.deepcopy(value)
        *path, last = pointer[1:].split("/")
        at = value
        for key in path:
            at = at[int(key)] if isinstance(at, list) else at.get(key)
            if at is None:
                return None
        if isinstance(at, list):
            if not at:
                return None
            at[int(last)] = new
        elif new is ...:
            at.pop(last, None)
        else:
            at[last] = new
        return value
