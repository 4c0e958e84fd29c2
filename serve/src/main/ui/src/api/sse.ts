/**
 * Server-sent events out of pieces of text, as the WHATWG specification reads them: lines end with
 * LF, CR or CRLF, wherever the pieces are cut; data of several lines is joined; comments are dropped;
 * an event that no empty line ended is dropped too. Only the data is of interest here.
 */
export class SseParser {
  #rest = '';
  #data: string[] = [];
  #afterReturn = false;
  #first = true;

  /** The data of the events that this piece completed. */
  push(piece: string): string[] {
    const events: string[] = [];
    let text = this.#rest + piece;
    if (this.#first && text !== '') {
      this.#first = false;
      text = text.replace(/^\uFEFF/, '');
    }
    let start = 0;
    for (let i = this.#rest.length; i < text.length; i++) {
      const letter = text[i];
      if (letter === '\n' && this.#afterReturn) {
        this.#afterReturn = false;
        start = i + 1;
        continue;
      }
      this.#afterReturn = letter === '\r';
      if (letter === '\n' || letter === '\r') {
        this.#line(text.slice(start, i), events);
        start = i + 1;
      }
    }
    this.#rest = text.slice(start);
    return events;
  }

  #line(line: string, events: string[]): void {
    if (line === '') {
      if (this.#data.length > 0) {
        events.push(this.#data.join('\n'));
        this.#data = [];
      }
    } else if (line.startsWith('data:')) {
      this.#data.push(line.slice(line.startsWith('data: ') ? 6 : 5));
    } else if (line === 'data') {
      this.#data.push('');
    }
  }
}
