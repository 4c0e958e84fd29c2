import { Observable } from './observable';

export type Route =
  | { page: 'chat'; chat?: string }
  | { page: 'models' }
  | { page: 'schema' }
  | { page: 'tools' };

export type Page = Route['page'];

export function parseRoute(hash: string): Route {
  const [page, id] = hash.replace(/^#\/?/, '').split('/');
  switch (page) {
    case 'models':
    case 'schema':
    case 'tools':
      return { page };
    default:
      return page === 'chat' && id ? { page: 'chat', chat: decodeURIComponent(id) } : { page: 'chat' };
  }
}

export function href(route: Route): string {
  return route.page === 'chat' && route.chat
    ? `#/chat/${encodeURIComponent(route.chat)}`
    : `#/${route.page}`;
}

/** The page shown, kept in the address's fragment. */
export class Router extends Observable {
  readonly #window: Window;
  #route: Route;

  constructor(window: Window) {
    super();
    this.#window = window;
    this.#route = parseRoute(window.location.hash);
    window.addEventListener('hashchange', () => {
      this.#route = parseRoute(window.location.hash);
      this.changed();
    });
  }

  get route(): Route {
    return this.#route;
  }

  go(route: Route): void {
    this.#window.location.hash = href(route);
  }

  /** Goes there without a step in the history, as for a page that is no more. */
  replace(route: Route): void {
    this.#window.history.replaceState(null, '', href(route));
    this.#route = route;
    this.changed();
  }
}
