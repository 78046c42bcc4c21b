// Says whether files are valid OpenAPI documents: node validate.js FILE...
import { Validator } from "@seriousme/openapi-schema-validator";
import { readFileSync } from "node:fs";

for (const file of process.argv.slice(2)) {
    const validator = new Validator();
    const result = await validator.validate(JSON.parse(readFileSync(file)));
    console.log(`${file}: ${result.valid ? `valid ${validator.version}` : JSON.stringify(result.errors)}`);
    if (!result.valid) process.exitCode = 1;
}
