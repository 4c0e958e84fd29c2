/** Hands a text to the browser as a file to keep. */
export function download(name: string, text: string): void {
  const address = URL.createObjectURL(new Blob([text], { type: 'application/json' }));
  const link = document.createElement('a');
  link.href = address;
  link.download = name;
  link.click();
  URL.revokeObjectURL(address);
}

/** The text of a file that the user picks; nothing where none is picked. */
export function pickFile(accept: string): Promise<string | undefined> {
  return new Promise((resolve) => {
    const input = document.createElement('input');
    input.type = 'file';
    input.accept = accept;
    input.addEventListener('change', () => {
      const file = input.files?.[0];
      if (file) {
        file.text().then(resolve, () => resolve(undefined));
      } else {
        resolve(undefined);
      }
    });
    input.addEventListener('cancel', () => resolve(undefined));
    input.click();
  });
}
