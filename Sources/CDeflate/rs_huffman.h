// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

/* Length-limited canonical Huffman codes. */
#ifndef RS_HUFFMAN_H
#define RS_HUFFMAN_H

#include <stdint.h>

#define RS_HUFFMAN_MAX_SYMBOLS 288
#define RS_HUFFMAN_MAX_LENGTH 15

/* Sets lengths[0..n), none above `limit`, for the given frequencies, each below 2^22. At least two
 * symbols always get a code, because some decoders refuse trees with fewer codes. */
void rs_huffman_lengths(const uint32_t *freq, unsigned n, unsigned limit,
                        uint8_t *lengths);

/* Sets the canonical codes with these lengths, bit-reversed as DEFLATE stores them. */
void rs_huffman_codes(const uint8_t *lengths, unsigned n, uint16_t *codes);

#endif
