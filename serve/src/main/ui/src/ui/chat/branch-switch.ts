import { html } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type { Siblings } from '../../chat/tree';
import { Part } from '../part';
import { icon } from '../icons';

/** ‹ 2/3 › between the versions of a message. */
@customElement('branch-switch')
export class BranchSwitch extends Part {
  @property({ attribute: false }) siblings!: Siblings;
  @property({ attribute: false }) isDisabled = false;

  protected override render() {
    const { ids, index } = this.siblings;
    const text = `${index + 1}/${ids.length}`;
    return html`<span class="branches" role="group" aria-label=${this.t('branch.label')} data-test="branches">
      ${this.#button('previous', ids[index - 1])}
      <span aria-label=${this.t('branch.place', { n: index + 1, of: ids.length })} role="img">${text}</span>
      ${this.#button('next', ids[index + 1])}
    </span>`;
  }

  #button(direction: 'previous' | 'next', id: string | undefined) {
    return html`<button
      class="icon-button small"
      data-test="branch-${direction}"
      aria-label=${this.t(`branch.${direction}`)}
      title=${this.t(`branch.${direction}`)}
      ?disabled=${id === undefined || this.isDisabled}
      @click=${() => id && this.#show(id)}
    >
      ${icon(direction)}
    </button>`;
  }

  #show(id: string): void {
    const place = this.siblings.ids.indexOf(id) + 1;
    this.app.announcer.say(this.t('branch.place', { n: place, of: this.siblings.ids.length }));
    this.dispatchEvent(new CustomEvent('show-branch', { detail: id, bubbles: true }));
  }
}
