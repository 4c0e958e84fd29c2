import type { PropertyValues } from 'lit';
import { Part } from '../part';

/**
 * A dialog over the page. The browser's own element keeps the focus inside, closes on Escape, and
 * gives the focus back to where it was.
 */
export abstract class Modal extends Part {
  protected abstract isOpen(): boolean;

  /** The user closed it without an answer. */
  protected abstract closed(): void;

  protected override updated(_changed: PropertyValues): void {
    const dialog = this.querySelector('dialog');
    if (!dialog) {
      return;
    }
    if (this.isOpen() && !dialog.open) {
      dialog.showModal();
    } else if (!this.isOpen() && dialog.open) {
      dialog.close();
    }
  }

  protected readonly onCancel = (event: Event): void => {
    event.preventDefault();
    this.closed();
  };

  /** A click beside the dialog's box hits the dialog element itself. */
  protected readonly onBackdrop = (event: MouseEvent): void => {
    if (event.target === event.currentTarget) {
      this.closed();
    }
  };
}
