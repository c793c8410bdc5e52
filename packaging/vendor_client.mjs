// Bundles the web client's third-party modules into single files below homemedia/web/client/vendor/.
//
// The client has no build step; npm's modules name each other bare, which a browser without an import map
// cannot follow. So this script, run by hand when a version changes, makes one file of each family:
//
//     cd "$(mktemp -d)" && npm init -y && npm install --save-exact lit@3.3.3 hls.js@1.7.4 photoswipe@5.4.4 esbuild@0.28.2 \
//         @tiptap/{core,pm,starter-kit,suggestion}@3.31.3 \
//         @tiptap/extension-{placeholder,list,mention,collaboration,collaboration-caret}@3.31.3 \
//         @tiptap/y-tiptap@3.0.9 yjs@13.6.33 y-protocols@1.0.7 y-websocket@3.1.0 y-indexeddb@9.0.12
//     node <repository>/packaging/vendor_client.mjs
//
// It runs in the folder that holds node_modules and writes into the repository. Commit what it writes.
import { createRequire } from 'node:module';
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
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

// One file for all of it: two copies of yjs do not work together, and neither do two of ProseMirror.
const EDITOR = `
  export { Editor, Extension, Node, mergeAttributes } from '@tiptap/core';
  export { Plugin, PluginKey } from '@tiptap/pm/state';
  export { Decoration, DecorationSet } from '@tiptap/pm/view';
  export { StarterKit } from '@tiptap/starter-kit';
  export { TaskItem, TaskList } from '@tiptap/extension-list';
  export { Placeholder } from '@tiptap/extension-placeholder';
  export { Mention } from '@tiptap/extension-mention';
  export { Suggestion } from '@tiptap/suggestion';
  export { Collaboration } from '@tiptap/extension-collaboration';
  export { CollaborationCaret } from '@tiptap/extension-collaboration-caret';
  export * as Y from 'yjs';
  export { WebsocketProvider } from 'y-websocket';
  export { IndexeddbPersistence } from 'y-indexeddb';
`;
const EDITOR_MORE = ['@tiptap/pm', '@tiptap/y-tiptap', 'prosemirror-model', 'prosemirror-state', 'prosemirror-view', 'prosemirror-transform', 'yjs', 'lib0', 'y-protocols', 'y-websocket', 'y-indexeddb', 'linkifyjs'];

const FAMILIES = [
  { name: 'lit', package: 'lit', licence: 'BSD-3-Clause, Copyright 2017 Google LLC', entry: LIT },
  { name: 'hls', package: 'hls.js', licence: HLS_LICENCE, entry: HLS, text: 'apache-2.0.txt' },
  { name: 'hls.worker', package: 'hls.js', licence: HLS_LICENCE, entry: "import 'hls.js/dist/hls.worker.js';", format: 'iife', text: null },
  { name: 'photoswipe', package: 'photoswipe', licence: 'MIT, Copyright 2014 Dmitry Semenov', entry: PHOTOSWIPE },
  { name: 'editor', package: '@tiptap/core', licence: 'MIT, Copyright 2025 Tiptap GmbH; yjs and its providers MIT, Copyright Kevin Jahns', entry: EDITOR, more: EDITOR_MORE },
];

/** A package's own licence, as a paragraph. */
function licenceOf(bundle, name) {
  const folder = join(process.cwd(), 'node_modules', name);
  const told = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  const file = ['LICENSE', 'LICENSE.md', 'LICENSE.txt'].map((one) => join(folder, one)).find((one) => existsSync(one));
  const own = file ? readFileSync(file, 'utf8').trim() : `${told.license}, as its package says.`;
  return `${bundle}.js holds ${name} ${told.version}, under this licence:\n\n${own}`;
}

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
    const whole = family.text ? `\n\n${readFileSync(join(here, family.text), 'utf8').trim()}` : ''; // what the package only names
    licences.push(`${licenceOf(family.name, family.package)}${whole}\n`);
  }
  for (const name of family.more ?? []) licences.push(`${licenceOf(family.name, name)}\n`);
  console.log(`${outfile}  ${family.package} ${version}  ${statSync(outfile).size} bytes`);
}
writeFileSync(join(target, 'LICENSES.txt'), licences.join('\n\n'));
