// The schemas of a document: shown, and as examples.
import { element, prose, words } from "./element.js";

const nameOf = (schema) => (schema.$ref ? schema.$ref.split("/").pop() : "");

// The type without null, and whether null is allowed.
const nullable = (schema) => {
    const rest = (schema.anyOf || []).filter((one) => one.type !== "null");
    return rest.length === 1 ? [{ ...schema, ...rest[0], anyOf: undefined }, true] : [schema, false];
};

// "1 to 200 characters"
const range = (schema, least, most, unit) => {
    const [low, high] = [schema[least], schema[most]];
    if (low === undefined && high === undefined) return "";
    if (low === undefined) return `at most ${high}${unit}`;
    if (high === undefined) return `at least ${low}${unit}`;
    return low === high ? `${low}${unit}` : `${low} to ${high}${unit}`;
};

const limits = (schema) => [
    range(schema, "minimum", "maximum", ""),
    range(schema, "minLength", "maxLength", " characters"),
    range(schema, "minItems", "maxItems", " elements"),
    range(schema, "minProperties", "maxProperties", " members"),
    schema.pattern && `matches ${schema.pattern}`,
    schema.enum && schema.enum.map((value) => JSON.stringify(value)).join(", "),
    schema.default !== undefined && `default ${JSON.stringify(schema.default)}`,
].filter(Boolean);

const exampleText = (schema) => {
    if (schema.format === "date-time") return new Date().toISOString();
    if (schema.format === "date") return new Date().toISOString().slice(0, 10);
    return "text".padEnd(schema.minLength || 0, "t").slice(0, schema.maxLength);
};

export class Schemas {
    constructor(api) {
        this.api = api;
    }

    resolve(value) {
        if (!value || !value.$ref) return value || {};
        const { $ref, ...beside } = value;
        const step = (at, key) => at[key.replaceAll("~1", "/").replaceAll("~0", "~")];
        return { ...$ref.slice(2).split("/").reduce(step, this.api), ...beside };
    }

    // The schema without null, and the names of the structs around it; undefined inside of itself.
    enter(given, around) {
        const [bare] = nullable(given || {});
        const name = nameOf(bare);
        if (name && around.includes(name)) return undefined;
        return [this.resolve(bare), name ? [...around, name] : around];
    }

    typeText(given) {
        const [bare, mayBeNull] = nullable(given || {});
        const schema = this.resolve(bare);
        let type = schema.format && schema.type === "string" ? schema.format : schema.type || "any JSON";
        if (type === "array") type = `array of ${this.typeText(schema.items).split(",")[0]}`;
        if (type === "object" && nameOf(bare)) type = nameOf(bare);
        const all = limits({ ...schema, default: (given || {}).default });
        return [mayBeNull ? `${type} or null` : type, ...all].join(", ");
    }

    member(name, schema, isRequired, around) {
        return element("li", {},
            element("code", {}, name), " ",
            element("span", { class: "type" }, this.typeText(schema)),
            isRequired ? element("span", { class: "required" }, " required") : "",
            schema.description ? element("span", { class: "note" }, words(schema.description)) : "",
            this.members(schema, around));
    }

    members(given, around = []) {
        const [schema, inside] = this.enter(given, around) || [{}, around];
        if (schema.type === "array") return this.members(schema.items, inside);
        if (!schema.properties) return [];
        const required = schema.required || [];
        return element("ul", { class: "members" }, Object.entries(schema.properties).map(([name, value]) =>
            this.member(name, value, required.includes(name), inside)));
    }

    view(schema) {
        if (!schema) return [];
        return [element("p", { class: "type" }, this.typeText(schema)),
            prose(this.resolve(schema).description), this.members(schema)];
    }

    example(given, around = []) {
        const [schema, inside] = this.enter(given, around) || [];
        if (!schema) return undefined;
        const isThere = (value) => value !== undefined;
        if (schema.examples) return schema.examples[0];
        if (schema.default !== undefined) return schema.default;
        if (schema.enum) return schema.enum[0];
        switch (schema.type) {
        case "string": return exampleText(schema);
        case "integer":
        case "number": return Math.max(schema.minimum ?? 1, Math.min(1, schema.maximum ?? 1));
        case "boolean": return false;
        case "array": return Array.from({ length: Math.max(1, schema.minItems || 0) },
            () => this.example(schema.items, inside)).filter(isThere);
        case "object": return Object.fromEntries(Object.entries(schema.properties || {})
            .map(([name, value]) => [name, this.example(value, inside)]).filter(([, value]) => isThere(value)));
        default: return {};
        }
    }
}
