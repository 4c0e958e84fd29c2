// npm run mock [PORT]: the mock server with the built page, or behind `npm run dev`.
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { createMock } from './server.mjs';

const port = Number(process.argv[2] ?? process.env.PORT ?? 11500);
const built = fileURLToPath(new URL('../../../../target/classes/dev/nearside/serve/ui', import.meta.url));
const ui = process.env.NEARSIDE_UI_OUT ?? built;
const { server } = createMock({
  ...(existsSync(ui) ? { ui } : {}),
  ...(process.env.KEY ? { key: process.env.KEY } : {}),
  ...(process.env.INSTALLED === undefined ? {} : { installed: process.env.INSTALLED.split(',').filter(Boolean) }),
  delay: Number(process.env.DELAY ?? 15),
});
server.listen(port, '127.0.0.1', () => console.log(`mock server at http://127.0.0.1:${server.address().port}`));
