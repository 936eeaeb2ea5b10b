import type { PrintOptions } from '../../values/goPrint.js';
import { type Template, textTemplate } from '../template.js';

export const htmlTemplate = (text: string, print: PrintOptions): Template => textTemplate(text, print);
