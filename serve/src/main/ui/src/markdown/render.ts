import { html, nothing, type TemplateResult } from 'lit';
import type { Services } from '../core/services';
import { safeAddress, type Token } from './blocks';
import type { Branch } from './tree';

export type Rendered = TemplateResult | string | typeof nothing;

/**
 * Tokens to templates. All of a model's text goes in as text nodes, and an address only after a
 * check: there is no HTML to sanitise because none is made.
 */
export function renderAll(branches: readonly Branch[], app: Services): Rendered[] {
  return branches.map((branch) => render(branch, app));
}

function render(branch: Branch, app: Services): Rendered {
  const { token, children } = branch;
  switch (token.type) {
    case 'inline':
      return html`${renderAll(children, app)}`;
    case 'text':
    case 'text_special':
    case 'html_inline':
    case 'html_block':
      return token.content;
    case 'paragraph_open':
      return token.hidden ? html`${renderAll(children, app)}` : html`<p>${renderAll(children, app)}</p>`;
    case 'heading_open':
      return heading(token.tag, children, app);
    case 'strong_open':
      return html`<strong>${renderAll(children, app)}</strong>`;
    case 'em_open':
      return html`<em>${renderAll(children, app)}</em>`;
    case 's_open':
      return html`<s>${renderAll(children, app)}</s>`;
    case 'code_inline':
      return html`<code>${token.content}</code>`;
    case 'softbreak':
    case 'hardbreak':
      return html`<br />`;
    case 'hr':
      return html`<hr />`;
    case 'blockquote_open':
      return html`<blockquote>${renderAll(children, app)}</blockquote>`;
    case 'bullet_list_open':
      return html`<ul>${renderAll(children, app)}</ul>`;
    case 'ordered_list_open':
      return html`<ol start=${start(attribute(token, 'start'))}>${renderAll(children, app)}</ol>`;
    case 'list_item_open':
      return html`<li>${renderAll(children, app)}</li>`;
    case 'fence':
    case 'code_block':
      return html`<code-block
        .app=${app}
        .code=${token.content.replace(/\n$/, '')}
        .language=${token.info.trim().split(/\s+/)[0] ?? ''}
      ></code-block>`;
    case 'link_open':
      return link(attribute(token, 'href'), html`${renderAll(children, app)}`);
    case 'image':
      return link(attribute(token, 'src'), `${token.content || (attribute(token, 'src') ?? '')}`);
    default:
      return table(branch, app);
  }
}

function table({ token, children }: Branch, app: Services): Rendered {
  switch (token.type) {
    case 'table_open':
      return html`<div class="table-frame" tabindex="0"><table>${renderAll(children, app)}</table></div>`;
    case 'thead_open':
      return html`<thead>${renderAll(children, app)}</thead>`;
    case 'tbody_open':
      return html`<tbody>${renderAll(children, app)}</tbody>`;
    case 'tr_open':
      return html`<tr>${renderAll(children, app)}</tr>`;
    case 'th_open':
      return html`<th scope="col" class=${alignment(attribute(token, 'style'))}>${renderAll(children, app)}</th>`;
    case 'td_open':
      return html`<td class=${alignment(attribute(token, 'style'))}>${renderAll(children, app)}</td>`;
    default:
      // A kind of token that is new to this page is shown as its text.
      return children.length > 0 ? html`${renderAll(children, app)}` : token.content;
  }
}

/** The page's own headings end at the third level: those of a reply go below. */
function heading(tag: string, children: readonly Branch[], app: Services): TemplateResult {
  switch (tag) {
    case 'h1':
      return html`<h4 class="first">${renderAll(children, app)}</h4>`;
    case 'h2':
      return html`<h4>${renderAll(children, app)}</h4>`;
    case 'h3':
      return html`<h5>${renderAll(children, app)}</h5>`;
    default:
      return html`<h6>${renderAll(children, app)}</h6>`;
  }
}

function link(address: string | null, inner: Rendered): TemplateResult {
  const safe = safeAddress(address);
  return safe === undefined
    ? html`${inner}`
    : html`<a href=${safe} target="_blank" rel="noopener noreferrer nofollow">${inner}</a>`;
}

function attribute(token: Token, name: string): string | null {
  const value = token.attrGet(name);
  return value === null ? null : String(value);
}

function start(value: string | null): number {
  const number = Number(value ?? 1);
  return Number.isSafeInteger(number) ? number : 1;
}

function alignment(style: string | null): string {
  const match = /text-align:(left|center|right)/.exec(style ?? '');
  return match ? `align-${match[1]}` : '';
}
