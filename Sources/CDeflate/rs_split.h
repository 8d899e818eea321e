/* Deciding where one Huffman block should end and the next begin. */
#ifndef RS_SPLIT_H
#define RS_SPLIT_H

#include "rs_tokens.h"

/* Estimated size of the counted symbols under their own code, in 1/256 bit. */
uint64_t rs_split_cost(const uint32_t *hist);

/* The same for the sum of two histograms. */
uint64_t rs_split_joint_cost(const uint32_t *a, const uint32_t *b);

/* What a block costs besides its symbols: mostly its code lengths. */
#ifndef RS_SPLIT_HEADER_BITS
#define RS_SPLIT_HEADER_BITS 500
#endif
#define RS_SPLIT_BLOCK_COST ((uint64_t)RS_SPLIT_HEADER_BITS << 8)

#endif
