// Shows openapi.json as a page, and sends requests. All content is added as text, never as HTML.
"use strict";

const element = (name, attributes = {}, ...content) => {
    const made = document.createElement(name);
    for (const [key, value] of Object.entries(attributes)) {
        if (key.startsWith("on")) made.addEventListener(key.slice(2), value);
        else if (value === true) made.setAttribute(key, "");
        else if (value !== false && value !== undefined) made.setAttribute(key, value);
    }
    made.append(...content.flat(Infinity).filter((part) => part !== undefined && part !== null && part !== ""));
    return made;
};

// Paragraphs and `code`: what descriptions mostly have of CommonMark.
const words = (text) => (text || "").split(/`([^`]+)`/).map((part, n) => (n % 2 ? element("code", {}, part) : part));
const prose = (text) => (text || "").split(/\n\s*\n/).filter(Boolean).map((paragraph) => element("p", {}, words(paragraph)));

const show = (api) => {
    const resolve = (value) => {
        if (!value || !value.$ref) return value || {};
        const { $ref, ...beside } = value;
        const step = (at, key) => at[key.replaceAll("~1", "/").replaceAll("~0", "~")];
        return { ...$ref.slice(2).split("/").reduce(step, api), ...beside };
    };
    const nameOf = (schema) => (schema.$ref ? schema.$ref.split("/").pop() : "");
    // The type without null, and whether null is allowed.
    const nullable = (schema) => {
        const rest = (schema.anyOf || []).filter((one) => one.type !== "null");
        return rest.length === 1 ? [{ ...schema, ...rest[0], anyOf: undefined }, true] : [schema, false];
    };

    const limits = (schema) => {
        const range = (least, most, unit) => {
            const [low, high] = [schema[least], schema[most]];
            if (low === undefined && high === undefined) return "";
            if (low === undefined) return `at most ${high}${unit}`;
            if (high === undefined) return `at least ${low}${unit}`;
            return low === high ? `${low}${unit}` : `${low} to ${high}${unit}`;
        };
        return [
            range("minimum", "maximum", ""), range("minLength", "maxLength", " characters"),
            range("minItems", "maxItems", " elements"), range("minProperties", "maxProperties", " members"),
            schema.pattern && `matches ${schema.pattern}`,
            schema.enum && schema.enum.map((value) => JSON.stringify(value)).join(", "),
            schema.default !== undefined && `default ${JSON.stringify(schema.default)}`,
        ].filter(Boolean);
    };
    const typeText = (given) => {
        const [bare, mayBeNull] = nullable(given);
        const schema = resolve(bare);
        let type = schema.format && schema.type === "string" ? schema.format : schema.type || "any JSON";
        if (type === "array") type = `array of ${typeText(schema.items || {}).split(",")[0]}`;
        if (type === "object" && nameOf(bare)) type = nameOf(bare);
        return [mayBeNull ? `${type} or null` : type, ...limits({ ...schema, default: given.default })].join(", ");
    };
    const members = (given, seen = []) => {
        const [bare] = nullable(given || {});
        const name = nameOf(bare);
        const schema = resolve(bare);
        if (name && seen.includes(name)) return [];
        if (schema.type === "array") return members(schema.items, seen);
        if (!schema.properties) return [];
        const known = name ? [...seen, name] : seen;
        return [element("ul", { class: "members" }, Object.entries(schema.properties).map(([key, value]) =>
            element("li", {},
                element("code", {}, key), " ", element("span", { class: "type" }, typeText(value)),
                (schema.required || []).includes(key) ? element("span", { class: "required" }, " required") : "",
                value.description ? element("span", { class: "note" }, words(value.description)) : "",
                members(value, known))))];
    };
    const schemaView = (schema) =>
        schema ? [element("p", { class: "type" }, typeText(schema)), ...prose(resolve(schema).description),
            ...members(schema)] : [];

    const example = (given, seen = []) => {
        const [bare] = nullable(given || {});
        const name = nameOf(bare);
        const schema = resolve(bare);
        if (schema.examples) return schema.examples[0];
        if (schema.default !== undefined) return schema.default;
        if (schema.enum) return schema.enum[0];
        if (name && seen.includes(name)) return undefined;
        const known = name ? [...seen, name] : seen;
        switch (schema.type) {
        case "string":
            if (schema.format === "date-time") return new Date().toISOString();
            if (schema.format === "date") return new Date().toISOString().slice(0, 10);
            return "text".padEnd(schema.minLength || 0, "t").slice(0, schema.maxLength);
        case "integer": case "number": return Math.max(schema.minimum ?? 1, Math.min(1, schema.maximum ?? 1));
        case "boolean": return false;
        case "array": return Array.from({ length: Math.max(1, schema.minItems || 0) }, () => example(schema.items, known))
            .filter((one) => one !== undefined);
        case "object": return Object.fromEntries(Object.entries(schema.properties || {})
            .map(([key, value]) => [key, example(value, known)]).filter(([, value]) => value !== undefined));
        default: return {};
        }
    };

    const login = {}; // what the fields at the top hold, by the name of the security scheme
    const schemes = api.components?.securitySchemes || {};
    const authorization = (operation) => {
        for (const name of (operation.security || []).flatMap(Object.keys)) {
            const given = login[name] || {};
            if (schemes[name]?.scheme === "basic" && given.user !== undefined)
                return "Basic " + btoa(String.fromCharCode(...new TextEncoder().encode(`${given.user}:${given.password || ""}`)));
            if (schemes[name]?.scheme === "bearer" && given.token) return `Bearer ${given.token}`;
        }
        return undefined;
    };
    const loginFields = () => Object.entries(schemes).flatMap(([name, scheme]) => {
        const field = (key, type) => element("label", {}, element("span", {}, `${key} (${name})`),
            element("input", { type, autocomplete: "off", spellcheck: "false",
                oninput: (event) => { (login[name] ||= {})[key] = event.target.value; } }));
        return scheme.scheme === "basic" ? [field("user", "text"), field("password", "password")]
            : scheme.scheme === "bearer" ? [field("token", "password")] : [];
    });

    const quoted = (text) => `'${text.replaceAll("'", "'\\''")}'`;
    const curl = (method, url, headers, body) => ["curl", method === "GET" ? "" : `-X ${method}`, quoted(url),
        ...Object.entries(headers).map(([name, value]) => `-H ${quoted(`${name}: ${name === "Authorization" ? "..." : value}`)}`),
        typeof body === "string" ? `--data-raw ${quoted(body)}` : body ? "--data-binary @FILE" : ""].filter(Boolean).join(" ");

    // "a=1" in each line, as the body of a form.
    const formBody = (text, file, type) => {
        const pairs = text.split("\n").filter(Boolean).map((line) => [line.split("=")[0], line.slice(line.indexOf("=") + 1)]);
        if (type !== "multipart/form-data") return new URLSearchParams(pairs).toString();
        const form = new FormData();
        for (const [name, value] of pairs) form.append(name, value);
        if (file) form.append("file", file);
        return form;
    };
    const bodyFields = (content) => {
        const types = Object.keys(content);
        const type = element("select", {}, types.map((one) => element("option", {}, one)));
        const area = element("textarea", { spellcheck: "false" });
        const file = element("input", { type: "file" });
        const fileLabel = element("label", {}, element("span", {}, "or a file"), file);
        const hint = element("span");
        const isForm = () => type.value.startsWith("multipart/") || type.value.endsWith("urlencoded");
        const fill = () => {
            const schema = content[type.value].schema;
            const value = schema ? example(schema) : type.value.endsWith("json") ? {} : "text";
            area.value = isForm() ? Object.entries(schema ? value : { name: "value" }).map(([k, v]) => `${k}=${v}`).join("\n")
                : typeof value === "string" && !type.value.endsWith("json") ? value : JSON.stringify(value, null, 2);
            hint.textContent = isForm() ? "name=value in each line" : "body";
            fileLabel.hidden = type.value.endsWith("json") || type.value.endsWith("urlencoded");
        };
        type.addEventListener("change", fill);
        fill();
        const read = () => (isForm() ? formBody(area.value, file.files[0], type.value) : file.files[0] && !fileLabel.hidden ? file.files[0] : area.value);
        return { view: [element("label", {}, element("span", {}, "media type"), type),
            element("label", {}, hint, area), fileLabel],
        headers: () => (type.value.startsWith("multipart/") ? {} : { "Content-Type": type.value }), read };
    };

    const showResponse = async (place, sent, started) => {
        const response = await sent;
        const bytes = await response.arrayBuffer();
        const taken = Math.round(performance.now() - started);
        const type = response.headers.get("content-type") || "";
        let text = new TextDecoder().decode(bytes);
        if (/json/.test(type)) try { text = JSON.stringify(JSON.parse(text), null, 2); } catch { /* shown as it came */ }
        place.append(
            element("p", {}, element("span", { class: `status ${response.ok ? "ok" : "wrong"}` }, String(response.status)),
                `${response.statusText}, ${bytes.byteLength} bytes, ${taken} ms`),
            element("pre", {}, [...response.headers].map(([name, value]) => `${name}: ${value}`).join("\n")),
            bytes.byteLength ? element("pre", {}, text.slice(0, 100000)) : "");
    };
    const tryForm = (path, method, operation) => {
        const fields = (operation.parameters || []).map((parameter) => {
            const schema = parameter.schema || {};
            const isList = resolve(schema).type === "array";
            const start = parameter.required ? String(example(schema)) : "";
            const input = isList ? element("textarea", { placeholder: "one in each line" })
                : element("input", { value: start, placeholder: schema.default !== undefined ? String(schema.default) : "" });
            return { parameter, input, view: element("label", {}, element("span", {}, `${parameter.name} (${parameter.in})`), input) };
        });
        const body = operation.requestBody ? bodyFields(operation.requestBody.content) : undefined;
        const result = element("div", { "aria-live": "polite" });
        const send = async (event) => {
            event.preventDefault();
            result.replaceChildren();
            let filled = path;
            const query = new URLSearchParams();
            const headers = body ? body.headers() : {};
            for (const { parameter, input } of fields) {
                if (parameter.in === "path") {
                    const parts = /slashes/.test(parameter.description || "") ? input.value.split("/") : [input.value];
                    if (parts.some((part) => part === "." || part === ".."))
                        return result.append(element("p", { class: "wrong" }, "Browsers change paths with . and .. in them: use curl."));
                    filled = filled.replace(`{${parameter.name}}`, () => parts.map(encodeURIComponent).join("/"));
                } else if (input.value === "") continue;
                else if (parameter.in === "header") headers[parameter.name] = input.value.split("\n").filter(Boolean).join(", ");
                else for (const one of input.tagName === "TEXTAREA" ? input.value.split("\n").filter(Boolean) : [input.value]) query.append(parameter.name, one);
            }
            const given = authorization(operation);
            if (given) headers.Authorization = given;
            const url = new URL("." + filled + (query.size === 0 || !String(query) ? "" : `?${query}`), document.baseURI).href;
            const content = body?.read();
            result.replaceChildren(element("pre", {}, curl(method.toUpperCase(), url, headers, content)));
            try {
                await showResponse(result, fetch(url, { method: method.toUpperCase(), headers, body: content, credentials: "omit", cache: "no-store" }), performance.now());
            } catch (failure) {
                result.append(element("p", { class: "wrong" }, `No response: ${failure.message}`));
            }
        };
        return element("form", { onsubmit: send }, fields.map((field) => field.view), body ? body.view : [], element("button", {}, "Send"), result);
    };

    const answers = (responses) => Object.entries(responses).map(([status, given]) => {
        const response = resolve(given);
        const kind = status[0] === "2" || status === "default" ? "ok" : "wrong";
        const contents = Object.entries(response.content || {});
        const head = [element("span", { class: `status ${kind}` }, status), words(response.description)];
        if (contents.length === 0) return element("div", { class: "answer" }, head);
        return element("details", { class: "answer" }, element("summary", {}, head), contents.map(([type, content]) =>
            [element("p", {}, element("code", {}, type)), schemaView(content.schema)]));
    });
    const parameters = (list) => element("ul", { class: "members" }, list.map((parameter) => element("li", {},
        element("code", {}, parameter.name), " ", element("span", { class: "type" }, `${parameter.in}, ${typeText(parameter.schema || {})}`),
        parameter.required ? element("span", { class: "required" }, " required") : "",
        parameter.description ? element("span", { class: "note" }, words(parameter.description)) : "")));
    const inside = (path, method, operation) => [
        ...prose(operation.description),
        element("div", { class: "columns" },
            element("div", {},
                operation.parameters ? [element("h3", {}, "Parameters"), parameters(operation.parameters)] : [],
                operation.requestBody ? [element("h3", {}, "Body"), Object.entries(operation.requestBody.content).map(([type, content]) =>
                    [element("p", {}, element("code", {}, type)), schemaView(content.schema)])] : [],
                element("h3", {}, "Responses"), answers(operation.responses)),
            element("div", {}, element("h3", {}, "Try it"), tryForm(path, method, operation)))];
    const operationView = ({ path, method, operation }) => {
        const content = element("div", { class: "inside" });
        const view = element("details", { class: "operation", id: operation.operationId },
            element("summary", {}, element("span", { class: `method ${method}` }, method), element("code", {}, path),
                operation.summary === `${method.toUpperCase()} ${path}` ? "" : element("span", { class: "about" }, operation.summary || ""),
                operation.security?.length ? element("span", { class: "lock" }, "login") : ""), content);
        view.addEventListener("toggle", () => { if (view.open && !content.hasChildNodes()) content.append(...inside(path, method, operation)); });
        return view;
    };

    const groups = new Map();
    for (const [path, item] of Object.entries(api.paths || {}))
        for (const [method, operation] of Object.entries(item)) {
            const tag = operation.tags?.[0] || "";
            if (!groups.has(tag)) groups.set(tag, []);
            groups.get(tag).push({ path, method, operation });
        }
    const sections = [...groups].map(([tag, all]) => element("section", {}, tag ? element("h2", {}, tag) : "",
        prose(api.tags?.find((one) => one.name === tag)?.description), all.map(operationView)));
    const links = element("nav", { "aria-label": "Operations" }, [...groups].map(([tag, all]) => [tag ? element("strong", {}, tag) : "",
        all.map(({ path, method, operation }) => element("a", { href: `#${operation.operationId}` },
            element("span", { class: `method ${method}` }, method), path))]));
    const filter = (event) => {
        const wanted = event.target.value.toLowerCase().split(/\s+/).filter(Boolean);
        for (const section of sections) {
            for (const view of section.querySelectorAll(".operation"))
                view.hidden = !wanted.every((word) => (view.id + view.firstChild.textContent).toLowerCase().includes(word));
            section.hidden = !section.querySelector(".operation:not([hidden])");
        }
    };
    document.querySelector("h1").append(element("small", {}, api.info.version));
    document.body.append(...prose(api.info.description), element("form", { class: "top", onsubmit: (event) => event.preventDefault() },
        element("label", { class: "search" }, element("span", {}, "find"), element("input", { type: "search", oninput: filter })), loginFields(),
        element("a", { href: "openapi.json" }, "openapi.json")),
    element("div", { class: "page" }, links, element("main", {}, sections)));
    const jump = () => {
        const target = document.getElementById(location.hash.slice(1)); // the names need no escapes
        if (!target) return;
        target.open = true;
        target.scrollIntoView();
    };
    addEventListener("hashchange", jump);
    jump();
};

fetch("openapi.json").then((response) => {
    if (!response.ok) throw new Error(`openapi.json: ${response.status}`);
    return response.json();
}).then(show).catch((failure) => document.body.append(element("p", { class: "wrong" }, `This page cannot be shown: ${failure.message}`)));
