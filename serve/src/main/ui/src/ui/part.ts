import { LitElement } from 'lit';
import { property } from 'lit/decorators.js';
import type { Observable } from '../core/observable';
import type { Services } from '../core/services';
import type { Key } from '../i18n/en';
import type { Values } from '../i18n/i18n';

/**
 * The base of all components. They render into the page itself and not into a shadow: labels,
 * descriptions and live regions may then refer to each other across components, and one style sheet
 * serves all.
 */
export abstract class Part extends LitElement {
  @property({ attribute: false }) app!: Services;

  #unsubscribe: (() => void)[] = [];

  protected override createRenderRoot(): this {
    return this;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.#unsubscribe = [this.app.i18n, ...this.watched()].map((source) =>
      source.subscribe(() => this.requestUpdate()),
    );
    // What changed while it was not in the page.
    this.requestUpdate();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#unsubscribe.forEach((unsubscribe) => unsubscribe());
  }

  /** What this component shows besides its properties. */
  protected watched(): Observable[] {
    return [];
  }

  protected t(key: Key, values?: Values): string {
    return this.app.i18n.t(key, values);
  }

  protected focusOn(selector: string): void {
    void this.updateComplete.then(() => this.querySelector<HTMLElement>(selector)?.focus());
  }
}
