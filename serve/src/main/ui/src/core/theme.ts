import type { Preferences } from './preferences';

/**
 * Keeps `data-theme` on the root element: `light`, `dark`, or none, where the style sheet follows
 * the system by itself.
 */
export function followTheme(root: HTMLElement, preferences: Preferences): void {
  const apply = (): void => {
    const theme = preferences.get('theme');
    if (theme === 'system') {
      delete root.dataset['theme'];
    } else {
      root.dataset['theme'] = theme;
    }
  };
  apply();
  preferences.subscribe(apply);
}
