import { html, nothing, type TemplateResult } from 'lit';

export interface Choices<T extends string> {
  legend: string;
  name: string;
  value: T;
  options: readonly { value: T; label: string; lang?: string }[];
  onChoice: (value: T) => void;
}

/** Radio buttons that look like one control of several parts. */
export function choices<T extends string>(config: Choices<T>): TemplateResult {
  return html`<fieldset class="choices">
    <legend>${config.legend}</legend>
    <div class="choices-row">
      ${config.options.map(
        (option) =>
          html`<label class="choice" lang=${option.lang ?? nothing}>
            <input
              type="radio"
              name=${config.name}
              value=${option.value}
              .checked=${option.value === config.value}
              @change=${() => config.onChoice(option.value)}
            />
            <span>${option.label}</span>
          </label>`,
      )}
    </div>
  </fieldset>`;
}
