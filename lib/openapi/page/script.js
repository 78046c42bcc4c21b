// Shows openapi.json as a page.
import { element, prose, words } from "./element.js";
import { Logins, requestForm } from "./request.js";
import { Schemas } from "./schemas.js";

const parametersView = (schemas, list) => element("ul", { class: "members" }, list.map((parameter) =>
    element("li", {},
        element("code", {}, parameter.name), " ",
        element("span", { class: "type" }, `${parameter.in}, ${schemas.typeText(parameter.schema)}`),
        parameter.required ? element("span", { class: "required" }, " required") : "",
        parameter.description ? element("span", { class: "note" }, words(parameter.description)) : "")));

const contentsView = (schemas, content) => Object.entries(content).map(([type, { schema }]) =>
    [element("p", {}, element("code", {}, type)), schemas.view(schema)]);

const responsesView = (schemas, responses) => Object.entries(responses).map(([status, given]) => {
    const response = schemas.resolve(given);
    const kind = status[0] === "2" || status === "default" ? "ok" : "wrong";
    const head = [element("span", { class: `status ${kind}` }, status), words(response.description)];
    if (!response.content) return element("div", { class: "answer" }, head);
    return element("details", { class: "answer" }, element("summary", {}, head), contentsView(schemas, response.content));
});

const detailsOf = (schemas, logins, { path, method, operation }) => [
    prose(operation.description),
    element("div", { class: "columns" },
        element("div", {},
            operation.parameters ? [element("h3", {}, "Parameters"), parametersView(schemas, operation.parameters)] : [],
            operation.requestBody ? [element("h3", {}, "Body"), contentsView(schemas, operation.requestBody.content)] : [],
            element("h3", {}, "Responses"), responsesView(schemas, operation.responses)),
        element("div", {}, element("h3", {}, "Try it"), requestForm(schemas, logins, path, method, operation)))];

// Its details are made when it is opened.
const operationView = (schemas, logins, one) => {
    const { path, method, operation } = one;
    const hasSummary = operation.summary !== `${method.toUpperCase()} ${path}`;
    const inside = element("div", { class: "inside" });
    const fill = (event) => {
        if (event.target.open && !inside.hasChildNodes()) inside.append(...detailsOf(schemas, logins, one).flat());
    };
    return element("details", { class: "operation", id: operation.operationId, ontoggle: fill },
        element("summary", {},
            element("span", { class: `method ${method}` }, method), element("code", {}, path),
            hasSummary ? element("span", { class: "about" }, operation.summary || "") : "",
            operation.security?.length ? element("span", { class: "lock" }, "login") : ""),
        inside);
};

// Operations by their tags: Map of lists.
const groupsOf = (api) => {
    const groups = new Map();
    for (const [path, item] of Object.entries(api.paths || {}))
        for (const [method, operation] of Object.entries(item)) {
            const tag = operation.tags?.[0] || "";
            if (!groups.has(tag)) groups.set(tag, []);
            groups.get(tag).push({ path, method, operation });
        }
    return groups;
};

const linksView = (groups) => element("nav", { "aria-label": "Operations" }, [...groups].map(([tag, all]) => [
    tag ? element("strong", {}, tag) : "",
    all.map(({ path, method, operation }) => element("a", { href: `#${operation.operationId}` },
        element("span", { class: `method ${method}` }, method), path))]));

const filterOf = (sections) => (event) => {
    const wanted = event.target.value.toLowerCase().split(/\s+/).filter(Boolean);
    for (const section of sections) {
        for (const view of section.querySelectorAll(".operation")) {
            const text = (view.id + view.firstChild.textContent).toLowerCase();
            view.hidden = !wanted.every((word) => text.includes(word));
        }
        section.hidden = !section.querySelector(".operation:not([hidden])");
    }
};

// An address with a hash opens that operation.
const jump = () => {
    const target = document.getElementById(location.hash.slice(1)); // the names need no escapes
    if (!target) return;
    target.open = true;
    target.scrollIntoView();
};

const show = (api) => {
    const schemas = new Schemas(api);
    const logins = new Logins(api.components?.securitySchemes);
    const groups = groupsOf(api);
    const about = (tag) => prose(api.tags?.find((one) => one.name === tag)?.description);
    const sections = [...groups].map(([tag, all]) => element("section", {}, tag ? element("h2", {}, tag) : "",
        about(tag), all.map((one) => operationView(schemas, logins, one))));
    const search = element("label", { class: "search" }, element("span", {}, "find"),
        element("input", { type: "search", oninput: filterOf(sections) }));
    document.querySelector("h1").append(element("small", {}, api.info.version));
    document.body.append(
        ...prose(api.info.description),
        element("form", { class: "top", onsubmit: (event) => event.preventDefault() },
            search, logins.fields(), element("a", { href: "openapi.json" }, "openapi.json")),
        element("div", { class: "page" }, linksView(groups), element("main", {}, sections)));
    addEventListener("hashchange", jump);
    jump();
};

try {
    const response = await fetch("openapi.json");
    if (!response.ok) throw new Error(`openapi.json: ${response.status}`);
    show(await response.json());
} catch (failure) {
    document.body.append(element("p", { class: "wrong" }, `This page cannot be shown: ${failure.message}`));
}
