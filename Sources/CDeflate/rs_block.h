// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

/* Functions that write one DEFLATE block from its sequences and symbol counts. */
#ifndef RS_BLOCK_H
#define RS_BLOCK_H

#include "rs_bits.h"
#include "rs_tokens.h"

/* The bits of each symbol and the number of bits, as wide integers in separate arrays. So one
 * instruction loads and shifts the bits, and another one adds their number. */
typedef struct {
    uint64_t bits[RS_SYMBOLS];
    uint32_t count[RS_SYMBOLS];
    /* Indexed by length - 3, with the extra bits included. */
    uint64_t length_bits[256];
    uint32_t length_count[256];
} rs_codes;

typedef struct {
    const uint8_t *in; /* the input this block covers */
    uint32_t n;
    const rs_seq *seqs;
    uint32_t seq_count;
    uint32_t *hist; /* RS_SYMBOLS counts */
} rs_block;

/* A block is stored if coding saves less than this share of it. Decoders copy stored bytes, but coded
 * ones are literals in such a block, and cost twice as much time. */
#define RS_STORE_SHARE 20u

/* Appends the block stored, or in the smaller form of fixed and dynamic.  Returns 0 and writes
 * nothing if the block might not fit before `end`. */
int rs_block_write(rs_codes *codes, rs_bits *w, const uint8_t *end,
                   const rs_block *block);

/* The most that rs_block_sync needs: two bytes of block type and padding, and four of lengths. */
#define RS_SYNC_ROOM (6 + RS_BITS_SLACK)

/* Appends an empty stored block, after which the stream is at a byte boundary. Returns 0 if there
 * is no room for it. */
int rs_block_sync(rs_bits *w, const uint8_t *end);

/* Appends the block in stored form, and ignores its sequences and counts; otherwise like
 * rs_block_write. */
int rs_block_store(rs_bits *w, const uint8_t *end, const rs_block *block);

#endif
