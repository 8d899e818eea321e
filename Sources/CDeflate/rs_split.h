// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

/* Deciding where one Huffman block should end and the next begin. */
#ifndef RS_SPLIT_H
#define RS_SPLIT_H

#include "rs_tokens.h"

/* Estimated size of the counted symbols under their own code, in 1/256 bit. */
uint64_t rs_split_cost(const uint32_t *hist);

/* The same for the sum of two histograms. */
uint64_t rs_split_joint_cost(const uint32_t *a, const uint32_t *b);

/* What another block must save, in 1/256 bit, to make up for its code lengths (about 700 bits) and
 * for the time to build its codes. */
#define RS_SPLIT_BLOCK_COST ((uint64_t)1500 << 8)

#endif
