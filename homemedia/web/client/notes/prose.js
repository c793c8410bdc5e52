import { css } from '../vendor/lit.js';

/** How written words look: 640 wide, 16 on 26. */
export const prose = css`
  .words { position: relative; }
  .ProseMirror { outline: none; font: 400 16px/26px var(--face, inherit); white-space: pre-wrap; overflow-wrap: anywhere; min-height: 45vh; padding-bottom: 20vh; margin-right: -8px; }
  .ProseMirror > * { margin: 0 8px 10px 0; }
  .ProseMirror h2, .ProseMirror h3 { scroll-margin-top: calc(var(--top) + 12px); }
  .ProseMirror h2 { font: var(--font-20); font-weight: 600; letter-spacing: -0.014em; margin: 28px 8px 12px 0; }
  .ProseMirror h3 { font: var(--font-16); font-weight: 600; margin: 20px 8px 8px 0; }
  .ProseMirror a { color: var(--accent); text-decoration: underline; text-underline-offset: 3px; cursor: pointer; }
  .ProseMirror a.mention { text-decoration: none; background: var(--soft); border-radius: 4px; padding: 1px 4px; }
  .ProseMirror ul, .ProseMirror ol { padding-left: 24px; } .ProseMirror li > p { margin: 0 0 6px; }
  .ProseMirror blockquote { margin-left: 0; padding-left: 16px; border-left: 2px solid var(--line2); color: var(--text2); }
  .ProseMirror code { font: 400 14px/20px ui-monospace, monospace; background: var(--sunken); border-radius: 4px; padding: 1px 4px; }
  .ProseMirror pre { background: var(--sunken); border-radius: var(--radius); padding: 12px 16px; overflow-x: auto; } .ProseMirror pre code { background: none; padding: 0; }
  .ProseMirror hr { border: 0; border-top: 1px solid var(--line); margin: 24px 8px 24px 0; }
  .ProseMirror ul[data-type='taskList'] { list-style: none; padding: 0; }
  .ProseMirror ul[data-type='taskList'] li { display: flex; gap: 12px; align-items: flex-start; padding: 4px 0; } .ProseMirror ul[data-type='taskList'] li > div { flex: 1; min-width: 0; } .ProseMirror ul[data-type='taskList'] li p { margin: 0; }
  .ProseMirror ul[data-type='taskList'] li > label { flex: none; display: flex; height: 26px; align-items: center; }
  .ProseMirror ul[data-type='taskList'] li input { appearance: none; width: 20px; height: 20px; margin: 0; border: 1.5px solid var(--line2); border-radius: 6px; cursor: pointer; display: grid; place-content: center; }
  .ProseMirror ul[data-type='taskList'] li input:checked { background: var(--accent); border-color: var(--accent); } .ProseMirror ul[data-type='taskList'] li input:checked::after { content: ''; width: 5px; height: 10px; margin-top: -2px; border: solid var(--on); border-width: 0 2px 2px 0; transform: rotate(45deg); }
  .ProseMirror ul[data-type='taskList'] li input:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
  .ProseMirror li[data-checked='true'] > div { color: var(--text3); text-decoration: line-through; }
  .ProseMirror p.is-editor-empty:first-child::before, .ProseMirror p.is-empty:last-child::before { content: attr(data-placeholder); color: var(--text3); float: left; height: 0; pointer-events: none; }
  .ProseMirror > hm-file-block { margin-bottom: 8px; } .ProseMirror > hm-file-block.picture { display: inline-block; vertical-align: top; width: calc(100% / 3 - 8.05px); } .ProseMirror > hm-file-block[wide='half'] { width: calc(50% - 8.05px); } .ProseMirror > hm-file-block[wide='full'] { display: block; width: auto; } .ProseMirror-selectednode { outline: 2px solid var(--accent); outline-offset: 2px; border-radius: var(--radius-place); }
  .caret { position: relative; border-left: 2px solid var(--tone); margin-left: -1px; margin-right: -1px; pointer-events: none; word-break: normal; }
  .caret .name { position: absolute; left: -2px; bottom: 100%; padding: 0 6px; border-radius: 4px 4px 4px 0; background: var(--tone); color: white; font: 600 12px/18px inherit; font-size: 12px; white-space: nowrap; user-select: none; }
  .marked { background: color-mix(in oklch, var(--tone) 22%, transparent); }
  .drop-line { position: absolute; z-index: 3; left: var(--x); top: var(--y); width: var(--w); height: var(--h); border-radius: 1px; background: var(--accent); pointer-events: none; }
  .prosemirror-dropcursor-block { pointer-events: none; } img.ProseMirror-separator { display: inline !important; border: none !important; margin: 0 !important; width: 0 !important; height: 0 !important; }
  .suggestions { position: absolute; left: var(--x); top: var(--y); z-index: 5; width: 240px; max-height: 320px; overflow: auto; padding: 6px; border-radius: var(--radius-place); background: var(--raised); box-shadow: var(--shadow); }
  .suggestions button { display: flex; align-items: center; gap: 12px; width: 100%; min-height: 36px; padding: 0 10px; border: 0; border-radius: var(--radius); background: none; color: var(--text); font: var(--font-14); text-align: left; cursor: pointer; }
  .suggestions button[aria-selected='true'], .suggestions button:hover { background: var(--hover); }
  @media (max-width: 719.98px) { .suggestions button { min-height: 44px; } }
`;
