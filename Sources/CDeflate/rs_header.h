// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

/* The header of a dynamic block, which contains the code lengths in compressed form. */
#ifndef RS_HEADER_H
#define RS_HEADER_H

#include "rs_bits.h"
#include "rs_tokens.h"

#define RS_PRECODES 19

typedef struct {
    uint8_t lengths[RS_SYMBOLS];  /* as in the histogram layout */
    uint16_t items[RS_SYMBOLS];   /* extra bits << 5 | precode symbol */
    unsigned item_count;
    unsigned litlen_count, dist_count, precode_count;
    uint8_t precode_lengths[RS_PRECODES];
    uint32_t bits; /* size of the whole header, block type included */
} rs_header;

/* Chooses code lengths for the histogram and plans how to send them. */
void rs_header_plan(rs_header *h, const uint32_t *hist);

void rs_header_write(const rs_header *h, rs_bits *w);

#endif
