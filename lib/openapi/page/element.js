// Parts of pages. All content is added as text, never as HTML.

const isThere = (part) => part !== undefined && part !== null && part !== "";

// element("a", { href: "#x", onclick: f }, "text", [more, ...]); an attribute that is true has no value.
export const element = (name, attributes = {}, ...content) => {
    const made = document.createElement(name);
    for (const [key, value] of Object.entries(attributes)) {
        if (key.startsWith("on")) made.addEventListener(key.slice(2), value);
        else if (value === true) made.setAttribute(key, "");
        else if (value !== false && value !== undefined) made.setAttribute(key, value);
    }
    made.append(...content.flat(Infinity).filter(isThere));
    return made;
};

// Paragraphs and `code`: what descriptions mostly have of CommonMark.
export const words = (text) =>
    (text || "").split(/`([^`]+)`/).map((part, n) => (n % 2 ? element("code", {}, part) : part));
export const prose = (text) =>
    (text || "").split(/\n\s*\n/).filter(Boolean).map((paragraph) => element("p", {}, words(paragraph)));
