export { badRlp, decode, decodeFirst, encodedItemsOf, itemLengthAt } from './decode.ts';
export { encode, encodeBriefly, encodeListOf, encodeUint, encodedLength, headLength, writeHead, type RlpItem } from './encode.ts';
export { boolIn, bytesIn, bytesListIn, listIn, uint64In, uintIn } from './read.ts';
