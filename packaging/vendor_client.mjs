// Bundles the web client's third-party modules into single files below homemedia/web/client/vendor/.
//
// The client has no build step; npm's modules name each other bare, which a browser without an import map
// cannot follow. So this script, run by hand when a version changes, makes one file of each family:
//
//     cd "$(mktemp -d)" && npm init -y && npm install --save-exact lit@3.3.3 hls.js@1.7.4 photoswipe@5.4.4 esbuild@0.28.2
//     node <repository>/packaging/vendor_client.mjs
//
// It runs in the folder that holds node_modules and writes into the repository. Commit what it writes.
import { createRequire } from 'node:module';
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const require = createRequire(join(process.cwd(), 'package.json'));
const esbuild = require('esbuild');
const here = dirname(fileURLToPath(import.meta.url));
const target = join(here, '..', 'homemedia', 'web', 'client', 'vendor');

// `styleMap` is left out on purpose: it writes style attributes, which the page's CSP refuses on first render.
const LIT = `
  export * from 'lit';
  export { classMap } from 'lit/directives/class-map.js';
  export { repeat } from 'lit/directives/repeat.js';
  export { ref, createRef } from 'lit/directives/ref.js';
  export { live as liveValue } from 'lit/directives/live.js';
  export { ifDefined } from 'lit/directives/if-defined.js';
  export { guard } from 'lit/directives/guard.js';
  export { cache } from 'lit/directives/cache.js';
  export { keyed } from 'lit/directives/keyed.js';
  export { Directive, directive, PartType } from 'lit/directive.js';
  export { AsyncDirective } from 'lit/async-directive.js';
`;

// The light build: streams of the house have one rendition and one sound, their subtitles are drawn by the player itself.
// Its worker is a file of its own, because a script made at run time would be one more thing to allow.
const HLS = "export { default as Hls, ErrorDetails, ErrorTypes, Events } from 'hls.js/light';";
const HLS_LICENCE = 'Apache-2.0, Copyright 2017 Dailymotion';

// Its sheet comes along as text, for the shadow root it is shown in.
const PHOTOSWIPE = "export { default as PhotoSwipe } from 'photoswipe'; export { default as sheet } from 'photoswipe/dist/photoswipe.css';";

const FAMILIES = [
  { name: 'lit', package: 'lit', licence: 'BSD-3-Clause, Copyright 2017 Google LLC', entry: LIT },
  { name: 'hls', package: 'hls.js', licence: HLS_LICENCE, entry: HLS, text: 'apache-2.0.txt' },
  { name: 'hls.worker', package: 'hls.js', licence: HLS_LICENCE, entry: "import 'hls.js/dist/hls.worker.js';", format: 'iife', text: null },
  { name: 'photoswipe', package: 'photoswipe', licence: 'MIT, Copyright 2014 Dmitry Semenov', entry: PHOTOSWIPE },
];

const licences = [];
for (const family of FAMILIES) {
  const packageFile = join(process.cwd(), 'node_modules', family.package, 'package.json');
  const version = JSON.parse(readFileSync(packageFile, 'utf8')).version;
  const outfile = join(target, `${family.name}.js`);
  await esbuild.build({
    stdin: { contents: family.entry, resolveDir: process.cwd(), loader: 'js' },
    bundle: true,
    minify: true,
    format: family.format ?? 'esm',
    target: 'es2022',
    legalComments: 'none',
    conditions: ['production'],
    loader: { '.css': 'text' },
    banner: { js: `/* ${family.package} ${version} — ${family.licence}. Bundled by packaging/vendor_client.mjs; do not edit. */` },
    outfile,
  });
  if (family.text !== null) {
    const own = readFileSync(join(process.cwd(), 'node_modules', family.package, 'LICENSE'), 'utf8').trim();
    const whole = family.text ? `\n\n${readFileSync(join(here, family.text), 'utf8').trim()}` : ''; // what the package only names
    licences.push(`${family.name}.js holds ${family.package} ${version}, under this licence:\n\n${own}${whole}\n`);
  }
  console.log(`${outfile}  ${family.package} ${version}  ${statSync(outfile).size} bytes`);
}
writeFileSync(join(target, 'LICENSES.txt'), licences.join('\n\n'));
