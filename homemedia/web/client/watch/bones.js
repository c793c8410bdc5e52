// The shapes of pages while they load, in the boxes of what will come.
import { css, html } from '../vendor/lit.js';
import { say } from './en.js';

/** Empty and failing pages say so in a box of a readable width. */
export const stateStyles = css`hm-error, hm-empty { max-width: 560px; margin-top: 12px; } @media (max-width: 719.98px) { hm-error, hm-empty { margin-top: 4px; } }`;

export const boneStyles = css`
  .bone { display: block; background: var(--hover); border-radius: 4px; height: 14px; flex: none; }
  .bone.title { height: 32px; width: min(320px, 60%); border-radius: var(--radius); margin: 8px 0; }
  .bone.line { width: min(280px, 70%); } .bone.long { width: min(600px, 100%); } .bone.half { width: min(420px, 72%); }
  .bone.button { height: 48px; width: 208px; border-radius: var(--radius); } .bone.square { height: 48px; width: 48px; border-radius: var(--radius); }
  .bone.heading { height: 16px; width: 160px; margin: 4px 0 16px; } .bone.chip { height: 32px; width: 96px; border-radius: var(--round); }
  .bone.round { width: 48px; height: 48px; border-radius: 50%; } .bone.still { aspect-ratio: 16 / 9; height: auto; width: 100%; border-radius: var(--radius); }
  .bone.lead { height: auto; border-radius: var(--radius-place); aspect-ratio: 16 / 9; width: 100%; }
  .bones { display: flex; flex-direction: column; gap: 10px; } .bones.across { flex-direction: row; gap: 12px; }
  @media (max-width: 719.98px) { .bone.button { width: 100%; } .bone.square { display: none; } .bone.line { width: 70%; } .person .bone.line { width: auto; flex: 0 1 96px; } }
`;

export const bone = (kind) => html`<span class="bone ${kind}"></span>`;
export const bones = (...kinds) => kinds.map(bone);

/** Says "Loading" once, around shapes that say nothing. */
export const loading = (inner) => html`<div role="status" aria-label=${say.loading}>${inner}</div>`;
