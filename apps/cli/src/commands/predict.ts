import { join, parse, resolve } from 'node:path';
import { Command, Option } from '@commander-js/extra-typings';
import type { Context } from '../context';
import { chooseEngine } from '../engines/choose-engine';
import { UserError } from '../errors';
import { pngOf } from '../figures/png';
import { findImages, stdinImage } from '../images/find-images';
import { displayPath } from '../run-folder/display-path';
import { writeOutput } from '../run-folder/write-output';
import { formatPercent } from '../terminal/format';
import { createOutput } from '../terminal/output';
import { modelPath } from '../trained/model-path';
import { openTrained } from '../trained/open-trained';
import { predictImages } from '../trained/predict-images';
import { integer, options, whatAModelIs } from './shared-options';

export function predictCommand(context: Context) {
  return new Command('predict')
    .summary('tell what is in images')
    .description(
      'Tell what a trained model takes images for: PNG and JPEG files of any size, folders of them, or one on stdin (-).',
    )
    .argument('<model>', whatAModelIs)
    .argument('<images...>', 'files, folders, or - for stdin')
    .addOption(new Option('--top <count>', 'how many classes to name').argParser(integer(1, 1000)).default(3))
    .option(
      '--grad-cam <path>',
      'write what speaks for the first class over the image: a .png file, or a folder where there are several images',
    )
    .addOption(options.engine().default('auto' as const))
    .addOption(options.device())
    .addOption(options.json())
    .addOption(options.verbose())
    .addHelpText(
      'after',
      '\nExample:\n  $ xcp predict runs/quickstart-20261124-090507 cat.jpg --grad-cam heat.png',
    )
    .action(async (path, images, given) => {
      const { io, services } = context;
      const output = createOutput(io, given.json ?? false);
      const files = images.includes('-') ? [await stdinImage(io.stdin)] : findImages(images, io.cwd);
      const heatPath = heatPaths(given.gradCam, files.length, io.cwd);
      await chooseEngine(given, services.engines);
      const trained = await openTrained(modelPath(path, io.cwd));
      try {
        const asked = { top: given.top, withHeat: given.gradCam !== undefined };
        for await (const { name, predictions, heat } of predictImages(trained, files, asked)) {
          const written = heat && heatPath(name);
          if (heat && written) {
            const file = { option: '--grad-cam', given: written, path: written, makeFolders: true };
            writeOutput(file, pngOf(heat));
          }
          const told = predictions.map(({ name, score }) => `${name} ${formatPercent(score)}`).join('  ');
          output.say(`${name}  ${told}`);
          const gradCam = written ? { gradCam: displayPath(written, io.cwd) } : {};
          output.emit({ image: name, predictions, ...gradCam });
        }
      } finally {
        trained.model.dispose();
      }
    });
}

/** Where the heat map of an image goes. */
function heatPaths(given: string | undefined, images: number, cwd: string): (name: string) => string {
  if (given === undefined) return () => '';
  const path = resolve(cwd, given);
  if (parse(path).ext.toLowerCase() !== '.png') {
    // The whole name without its folders, for two folders can hold images of one name.
    return (name) => join(path, `${name.replace(/\.\w+$/, '').replace(/[^\w.-]+/g, '-')}.png`);
  }
  if (images > 1) {
    throw new UserError(`--grad-cam: must be a folder for ${images} images, received "${given}"`);
  }
  return () => path;
}
