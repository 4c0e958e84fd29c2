import { html } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { parseMarkdown } from '../../markdown/blocks';
import { renderAll } from '../../markdown/render';
import { toTree } from '../../markdown/tree';
import { Part } from '../part';

/** A text as Markdown. Only what changed since the last time is touched in the page. */
@customElement('markdown-view')
export class MarkdownView extends Part {
  @property({ attribute: false }) text = '';

  protected override render() {
    const branches = toTree(parseMarkdown(this.text));
    return html`<div class="markdown">${renderAll(branches, this.app)}</div>`;
  }
}
