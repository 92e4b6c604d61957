import { element } from './element';

/** Tells of files that are dropped on the page or pasted into it. */
export function onFiles(take: (files: File[]) => void): void {
  document.addEventListener('dragover', (event) => {
    event.preventDefault();
    document.body.classList.add('dragging');
  });
  document.addEventListener('dragleave', ({ relatedTarget }) => {
    if (relatedTarget === null) document.body.classList.remove('dragging');
  });
  document.addEventListener('drop', (event) => {
    event.preventDefault();
    document.body.classList.remove('dragging');
    give(event.dataTransfer?.files, take);
  });
  document.addEventListener('paste', ({ clipboardData }) => give(clipboardData?.files, take));
  for (const id of ['files', 'picture-file']) {
    const input = element<HTMLInputElement>(id);
    input.addEventListener('change', () => {
      give(input.files, take);
      // So that the same file can be chosen again.
      input.value = '';
    });
  }
}

function give(files: FileList | null | undefined, take: (files: File[]) => void): void {
  if (files && files.length > 0) take([...files]);
}

/** Whether a file is one of a data set and not a picture. */
export const isData = ({ name }: File) => /\.(bin|gz|tgz)$/i.test(name);
