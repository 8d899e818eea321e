// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

/* Functions that help to decide where one Huffman block should end and the next begin. */
#ifndef RS_SPLIT_H
#define RS_SPLIT_H

#include "rs_tokens.h"

/* Estimated size of the counted symbols under their own code, in 1/256 bit. */
uint64_t rs_split_cost(const uint32_t *hist);

/* Estimated size for the sum of two histograms, in 1/256 bit. */
uint64_t rs_split_joint_cost(const uint32_t *a, const uint32_t *b);

/* The savings, in 1/256 bit, that justify another block with its code lengths (about 700 bits) and
 * the time to build its codes, in the encoder and in every decoder. */
#define RS_SPLIT_BLOCK_COST ((uint64_t)2500 << 8)

#endif
