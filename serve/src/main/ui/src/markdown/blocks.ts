import MarkdownIt, { type Token } from 'markdown-it';

export type { Token };

// HTML in a reply stays text. Images are shown as links: loading one would tell another server what
// the model wrote into its address.
const parser = new MarkdownIt({ html: false, linkify: true, breaks: true, typographer: false });

/** The tokens of a text. Whatever a model writes, this gives tokens and never HTML. */
export function parseMarkdown(text: string): Token[] {
  return parser.parse(text, {});
}

const SAFE = /^(?:https?:|mailto:)/i;

/** An address that may become a link, or nothing. */
export function safeAddress(address: string | null): string | undefined {
  return address !== null && SAFE.test(address) ? address : undefined;
}
