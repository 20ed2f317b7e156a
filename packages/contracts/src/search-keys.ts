import { Type } from 'typebox'

/**
 * How a text is typed: one entry a character, entries separated by one blank. A Chinese character is its readings
 * without tones, the likeliest first, separated by commas; any other character stands for itself in lower case and a
 * blank in the text is `_`. «重庆 5G» is `chong,zhong qing _ 5 g`. The server computes it on save, so that no
 * pinyin library travels to the panel.
 */
export const SearchKeys = Type.String({ maxLength: 4000 })
