// Holds exchanges with a double of GitHub to GitHub's own description of its API, with Prism's validators: what was asked, and what
// was answered. Reads exchanges as JSON from the file that is named; says what is wrong, and ends with 1 when anything is.
'use strict';

const fs = require('fs');
const path = require('path');
const { getHttpOperationsFromSpec } = require('@stoplight/prism-http');
const { validateInput, validateOutput } = require('@stoplight/prism-http/dist/validator');

const SPEC = path.join(__dirname, 'node_modules/@octokit/openapi/generated/api.github.com.json');

// `/repos/{owner}/{repo}` as an expression; `{ref}` may be of several parts nowhere that we ask.
const expression = (template) => new RegExp(`^${template.replace(/[.]/g, '\\.').replace(/\{[^}]+\}/g, '[^/]+')}$`);

async function main(file) {
    const exchanges = JSON.parse(fs.readFileSync(file, 'utf8'));
    const spec = JSON.parse(fs.readFileSync(SPEC, 'utf8'));
    const templates = Object.keys(spec.paths).map((template) => [template, expression(template)]);
    // With the fewest parameters first: `/user/repos` is not somebody's `/{a}/{b}`.
    const parameters = (template) => (template.match(/\{/g) || []).length;
    templates.sort((a, b) => parameters(a[0]) - parameters(b[0]));
    const of = (asked) => (templates.find(([, matches]) => matches.test(asked)) || [])[0];
    const used = new Set(exchanges.map((exchange) => of(exchange.path)).filter(Boolean));
    // Of the whole, a thousand operations, only those that were asked are made ready.
    const paths = Object.fromEntries([...used].map((template) => [template, spec.paths[template]]));
    const operations = await getHttpOperationsFromSpec({ ...spec, paths });
    const wrong = [];
    for (const exchange of exchanges) {
        const name = `${exchange.method} ${exchange.path}`;
        const template = of(exchange.path);
        const resource = operations.find((it) => it.path === template && it.method === exchange.method.toLowerCase());
        if (!resource) {
            wrong.push(`${name}: GitHub has no such operation`);
            continue;
        }
        const query = {};
        for (const [key, value] of new URLSearchParams(exchange.query)) query[key] = value;
        const request = {
            method: exchange.method.toLowerCase(),
            url: { path: exchange.path, query },
            headers: exchange.headers,
            body: exchange.body ?? undefined,
        };
        const said = (list) => list.filter((it) => it.severity === undefined || it.severity === 0 || it.severity === 'Error');
        const tell = (side) => (list) =>
            said(list).forEach((it) => wrong.push(`${name}: ${side}: ${(it.path || []).join('.')} ${it.message}`));
        const asked = validateInput({ resource, element: request });
        if (asked._tag === 'Left') tell('what is asked')(asked.left);
        const answered = validateOutput({
            resource,
            element: { statusCode: exchange.status, headers: exchange.answered, body: exchange.answer ?? undefined },
        });
        if (answered._tag === 'Left') tell(`the answer ${exchange.status}`)(answered.left);
    }
    for (const what of new Set(wrong)) console.log(what);
    console.log(`${exchanges.length} exchanges of ${operations.length} operations, ${wrong.length} wrong`);
    process.exitCode = wrong.length === 0 && exchanges.length > 0 ? 0 : 1;
}

main(process.argv[2]).catch((error) => {
    console.log(error.stack || String(error));
    process.exitCode = 2;
});
