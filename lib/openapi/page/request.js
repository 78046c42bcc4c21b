// The form that sends a request, and what comes back.
import { element } from "./element.js";

const encodeBasic = (text) => btoa(String.fromCharCode(...new TextEncoder().encode(text)));

// The fields for logins, by the names of the security schemes.
export class Logins {
    constructor(schemes = {}) {
        this.schemes = schemes;
        this.given = {};
    }

    field(scheme, key, type) {
        const remember = (event) => { (this.given[scheme] ||= {})[key] = event.target.value; };
        return element("label", {}, element("span", {}, `${key} (${scheme})`),
            element("input", { type, autocomplete: "off", spellcheck: "false", oninput: remember }));
    }

    fields() {
        const kinds = { basic: [["user", "text"], ["password", "password"]], bearer: [["token", "password"]] };
        return Object.entries(this.schemes).flatMap(([name, { scheme }]) =>
            (kinds[scheme] || []).map(([key, type]) => this.field(name, key, type)));
    }

    // The field Authorization for an operation.
    authorization(operation) {
        for (const name of (operation.security || []).flatMap(Object.keys)) {
            const { user, password, token } = this.given[name] || {};
            const scheme = this.schemes[name]?.scheme;
            if (scheme === "basic" && user !== undefined) return `Basic ${encodeBasic(`${user}:${password || ""}`)}`;
            if (scheme === "bearer" && token) return `Bearer ${token}`;
        }
        return undefined;
    }
}

const quoted = (text) => `'${text.replaceAll("'", "'\\''")}'`;
const curl = (method, url, headers, body) => {
    const shown = (name, value) => quoted(`${name}: ${name === "Authorization" ? "..." : value}`);
    const data = typeof body === "string" ? `--data-raw ${quoted(body)}` : body ? "--data-binary @FILE" : "";
    const fields = Object.entries(headers).map(([name, value]) => `-H ${shown(name, value)}`);
    return ["curl", method === "GET" ? "" : `-X ${method}`, quoted(url), ...fields, data].filter(Boolean).join(" ");
};

// "a=1" in each line, as the body of a form.
const formBody = (text, file, type) => {
    const pair = (line) => [line.split("=")[0], line.slice(line.indexOf("=") + 1)];
    const pairs = text.split("\n").filter(Boolean).map(pair);
    if (type !== "multipart/form-data") return new URLSearchParams(pairs).toString();
    const form = new FormData();
    for (const [name, value] of pairs) form.append(name, value);
    if (file) form.append("file", file);
    return form;
};

// The fields for the content of a request.
class Body {
    constructor(content, schemas) {
        this.content = content;
        this.schemas = schemas;
        const fill = () => this.fill();
        this.type = element("select", { onchange: fill }, Object.keys(content).map((one) => element("option", {}, one)));
        this.hint = element("span");
        this.area = element("textarea", { spellcheck: "false" });
        this.file = element("input", { type: "file" });
        this.fileLabel = element("label", {}, element("span", {}, "or a file"), this.file);
        this.view = [element("label", {}, element("span", {}, "media type"), this.type),
            element("label", {}, this.hint, this.area), this.fileLabel];
        this.fill();
    }

    get isForm() { return this.type.value.startsWith("multipart/") || this.type.value.endsWith("urlencoded"); }
    get isJson() { return this.type.value.endsWith("json"); }

    fill() {
        const schema = this.content[this.type.value].schema;
        const value = schema ? this.schemas.example(schema) : this.isJson ? {} : "text";
        const lines = () => Object.entries(schema ? value : { name: "value" }).map(([name, one]) => `${name}=${one}`);
        this.area.value = this.isForm ? lines().join("\n")
            : typeof value === "string" && !this.isJson ? value : JSON.stringify(value, null, 2);
        this.hint.textContent = this.isForm ? "name=value in each line" : "body";
        this.fileLabel.hidden = this.isJson || this.type.value.endsWith("urlencoded");
    }

    headers() { return this.type.value.startsWith("multipart/") ? {} : { "Content-Type": this.type.value }; }

    read() {
        if (this.isForm) return formBody(this.area.value, this.file.files[0], this.type.value);
        return this.file.files[0] && !this.fileLabel.hidden ? this.file.files[0] : this.area.value;
    }
}

const showResponse = (place, response, bytes, milliseconds) => {
    let text = new TextDecoder().decode(bytes);
    if (/json/.test(response.headers.get("content-type") || ""))
        try { text = JSON.stringify(JSON.parse(text), null, 2); } catch { /* shown as it came */ }
    place.append(
        element("p", {}, element("span", { class: `status ${response.ok ? "ok" : "wrong"}` }, String(response.status)),
            `${response.statusText}, ${bytes.byteLength} bytes, ${milliseconds} ms`),
        element("pre", {}, [...response.headers].map(([name, value]) => `${name}: ${value}`).join("\n")),
        bytes.byteLength ? element("pre", {}, text.slice(0, 100000)) : "");
};

// A parameter with its input: one line, or one for each element of an array.
const parameterField = (parameter, schemas) => {
    const schema = parameter.schema || {};
    const start = parameter.required ? String(schemas.example(schema)) : "";
    const placeholder = schema.default !== undefined ? String(schema.default) : "";
    const input = schemas.resolve(schema).type === "array"
        ? element("textarea", { placeholder: "one in each line" })
        : element("input", { value: start, placeholder });
    const label = element("span", {}, `${parameter.name} (${parameter.in})`);
    return { parameter, input, view: element("label", {}, label, input) };
};

const pathText = ({ parameter, input }) => {
    const parts = /slashes/.test(parameter.description || "") ? input.value.split("/") : [input.value];
    if (parts.some((part) => part === "." || part === ".."))
        throw new Error("browsers change paths with . and .. in them; use curl");
    return parts.map(encodeURIComponent).join("/");
};

// What the fields make of a path: [address, headers]
const fill = (path, fields) => {
    const query = new URLSearchParams();
    const headers = {};
    for (const field of fields) {
        const { name, in: place } = field.parameter;
        const values = field.input.value.split("\n").filter(Boolean);
        if (place === "path") path = path.replace(`{${name}}`, () => pathText(field));
        else if (place === "header" && values.length) headers[name] = values.join(", ");
        else if (place === "query") for (const value of values) query.append(name, value);
    }
    return [`.${path}${String(query) ? `?${query}` : ""}`, headers];
};

export const requestForm = (schemas, logins, path, method, operation) => {
    const fields = (operation.parameters || []).map((parameter) => parameterField(parameter, schemas));
    const body = operation.requestBody ? new Body(operation.requestBody.content, schemas) : undefined;
    const result = element("div", { "aria-live": "polite" });
    const verb = method.toUpperCase();
    const send = async (event) => {
        event.preventDefault();
        result.replaceChildren();
        try {
            const [address, given] = fill(path, fields);
            const authorization = logins.authorization(operation);
            const headers = { ...body?.headers(), ...given, ...(authorization && { Authorization: authorization }) };
            const url = new URL(address, document.baseURI).href;
            const content = body?.read();
            result.append(element("pre", {}, curl(verb, url, headers, content)));
            const begin = performance.now();
            const response = await fetch(url, { method: verb, headers, body: content, credentials: "omit", cache: "no-store" });
            const bytes = await response.arrayBuffer();
            showResponse(result, response, bytes, Math.round(performance.now() - begin));
        } catch (failure) {
            result.append(element("p", { class: "wrong" }, `No response: ${failure.message}`));
        }
    };
    return element("form", { onsubmit: send }, fields.map((field) => field.view), body ? body.view : [],
        element("button", {}, "Send"), result);
};
