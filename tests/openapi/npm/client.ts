// A client of the sample by the types that openapi-typescript makes. It is compiled, not run.
import type { components, paths } from "./sample";

type new_note = components["schemas"]["new_note.input"];
type note = components["schemas"]["note"];
type created = paths["/api/notes"]["post"]["responses"][201]["content"]["application/json"];
type found = paths["/api/notes/{id}"]["get"]["responses"];

export const least: new_note = { title: "Tea", from: { street: "Main Street" } };
export const urgent: new_note = { ...least, type: "urgent", due: null, tags: ["hot"], counts: { cups: 2 } };

// @ts-expect-error the title is missing
export const untitled: new_note = { from: { street: "Main Street" } };
// @ts-expect-error there is no such enumerator
export const strange: new_note = { ...least, type: "strange" };
// @ts-expect-error a member that the struct does not have
export const typo: new_note = { ...least, titel: "Tea" };

export async function add(sent: new_note): Promise<note> {
    const response = await fetch("/api/notes", { method: "POST", body: JSON.stringify(sent) });
    const made: created = await response.json();
    return made;
}

export const limit_of = (query: NonNullable<paths["/api/notes"]["get"]["parameters"]["query"]>): number => query.limit ?? 10;
export const title_of = (one: found[200]["content"]["application/json"]): string => one.content.title;
