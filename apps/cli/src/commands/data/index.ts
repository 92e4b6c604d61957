import { Command } from '@commander-js/extra-typings';
import type { Context } from '../../context';
import { dataGetCommand } from './get';
import { dataInfoCommand } from './info';
import { dataSampleCommand } from './sample';
import { dataVerifyCommand } from './verify';

export function dataCommand(context: Context) {
  return new Command('data')
    .summary('fetch, prove and look at CIFAR-10')
    .description('Fetch, prove and look at CIFAR-10.')
    .addCommand(dataGetCommand(context))
    .addCommand(dataInfoCommand(context))
    .addCommand(dataSampleCommand(context))
    .addCommand(dataVerifyCommand(context))
    .addHelpText('after', '\nExample:\n  $ xcp data info');
}
