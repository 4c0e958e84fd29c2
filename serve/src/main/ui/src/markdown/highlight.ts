import { html, type TemplateResult } from 'lit';
import { createLowlight } from 'lowlight';
import type { ElementContent, RootContent } from 'hast';
import { languages } from './languages';

const lowlight = createLowlight(languages);

/** Beyond this colours cost more than they give; the code is shown plain. */
const LONGEST = 50_000;

export type Highlighted = (TemplateResult | string)[];

/** Code with its words marked by class; text nodes only, as all of a reply. */
export function highlight(code: string, language: string): Highlighted {
  if (code.length > LONGEST || !lowlight.registered(language.toLowerCase())) {
    return [code];
  }
  return lowlight.highlight(language.toLowerCase(), code).children.map(render);
}

function render(node: RootContent | ElementContent): TemplateResult | string {
  if (node.type === 'text') {
    return node.value;
  }
  if (node.type !== 'element') {
    return '';
  }
  const names = node.properties['className'];
  const classes = Array.isArray(names) ? names.join(' ') : '';
  return html`<span class=${classes}>${node.children.map(render)}</span>`;
}
