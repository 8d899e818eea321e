// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

/* Writing one DEFLATE block from its sequences and symbol counts. */
#ifndef RS_BLOCK_H
#define RS_BLOCK_H

#include "rs_bits.h"
#include "rs_tokens.h"

/* A symbol's bits and their number, wide and apart: what is put is loaded and shifted in one
 * instruction, what is counted added in another. */
typedef struct {
    uint64_t bits[RS_SYMBOLS];
    uint32_t count[RS_SYMBOLS];
    /* By length - 3, extra bits included. */
    uint64_t length_bits[256];
    uint32_t length_count[256];
} rs_codes;

typedef struct {
    const uint8_t *in; /* the input this block covers */
    uint32_t n;
    const rs_seq *seqs;
    uint32_t seq_count;
    uint32_t *hist; /* RS_SYMBOLS counts */
    int final;
} rs_block;

/* Appends the block in its smallest form: stored, fixed or dynamic.  Returns 0
 * and writes nothing of use if it could pass `end`. */
int rs_block_write(rs_codes *codes, rs_bits *w, const uint8_t *end,
                   const rs_block *block);

/* Appends the block stored, without a look at its sequences and counts; else as above. */
int rs_block_store(rs_bits *w, const uint8_t *end, const rs_block *block);

#endif
