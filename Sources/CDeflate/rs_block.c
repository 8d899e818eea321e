// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

#include "rs_block.h"

#include "rs_header.h"
#include "rs_huffman.h"

#define STORED_MAX 65535u

static void fixed_lengths(uint8_t *lengths) {
    memset(lengths, 8, 144);
    memset(lengths + 144, 9, 112);
    memset(lengths + 256, 7, 24);
    memset(lengths + 280, 8, 8);
    memset(lengths + RS_DIST_BASE, 5, RS_SYMBOLS - RS_DIST_BASE);
}

/* Bits of the coded symbols without any block header. */
static uint64_t body_bits(const uint32_t *hist, const uint8_t *lengths) {
    uint64_t bits = 0;
    for (unsigned s = 0; s < RS_LITLEN_CODES; s++) bits += (uint64_t)hist[s] * lengths[s];
    for (unsigned s = 0; s < 29; s++) bits += (uint64_t)hist[257 + s] * rs_length_extra[s];
    for (unsigned s = 0; s < RS_DIST_CODES; s++) {
        unsigned extra = s < 2 ? 0 : s / 2 - 1;
        bits += (uint64_t)hist[RS_DIST_BASE + s] * (lengths[RS_DIST_BASE + s] + extra);
    }
    return bits;
}

/* Upper bound: a 5-byte header per piece, and up to 10 bits of block type and padding before the
 * first one. */
static uint64_t stored_bits(uint32_t n) {
    return 8 * ((uint64_t)n + 5 * (uint64_t)(n / STORED_MAX + 1)) + 10;
}

static void put_stored_header(rs_bits *w, uint32_t n) {
    rs_bits_put(w, 0, 3);
    rs_bits_align(w);
    rs_bits_put(w, n | (uint64_t)(n ^ 0xffff) << 16, 32);
    rs_bits_flush(w);
}

static void write_stored(rs_bits *w, const rs_block *b) {
    const uint8_t *in = b->in;
    uint32_t left = b->n;
    do {
        uint32_t k = left < STORED_MAX ? left : STORED_MAX;
        put_stored_header(w, k);
        if (k) memcpy(w->out, in, k);
        w->out += k;
        in += k;
        left -= k;
    } while (left);
}

static void build_codes(rs_codes *c, const uint8_t *lengths) {
    uint16_t code[RS_SYMBOLS];
    rs_huffman_codes(lengths, RS_DIST_BASE, code);
    rs_huffman_codes(lengths + RS_DIST_BASE, RS_SYMBOLS - RS_DIST_BASE, code + RS_DIST_BASE);
    for (unsigned s = 0; s < RS_SYMBOLS; s++) {
        c->bits[s] = code[s];
        c->count[s] = lengths[s];
    }
    c->bits[RS_NO_SYMBOL] = c->count[RS_NO_SYMBOL] = 0;
    for (unsigned i = 0; i < 256; i++) {
        unsigned slot = rs_length_slot[i], length = lengths[257 + slot];
        uint32_t extra = i + RS_MIN_MATCH - rs_length_base[slot];
        c->length_bits[i] = code[257 + slot] | extra << length;
        c->length_count[i] = length + rs_length_extra[slot];
    }
}

RS_INLINE void put_symbol(rs_bits *w, const rs_codes *c, unsigned symbol) {
    rs_bits_put(w, c->bits[symbol], c->count[symbol]);
}

static void put_literals(rs_bits *w, const rs_codes *c, const uint8_t *p, uint32_t n) {
    for (; n > 0; n--) {
        put_symbol(w, c, *p++);
        rs_bits_flush(w);
    }
}

RS_INLINE void put_match(rs_bits *w, const rs_codes *c, const rs_seq *q) {
    uint32_t d = (uint32_t)q->distance - 1;
    unsigned extra = rs_dist_extra(d), i = q->length - RS_MIN_MATCH;
    rs_bits_put(w, c->length_bits[i], c->length_count[i]);
    put_symbol(w, c, RS_DIST_BASE + rs_dist_slot(d, extra));
    rs_bits_put(w, d & ((1u << extra) - 1), extra);
    rs_bits_flush(w);
}

RS_HOT static void rs_write_body(rs_bits *writer, const rs_codes *c, const rs_block *b) {
    rs_bits w = *writer; /* a copy that the compiler can keep in registers */
    const uint8_t *p = b->in;
    const rs_seq *end = b->seqs + b->seq_count;
    for (const rs_seq *q = b->seqs; q < end; q++) {
        uint32_t n = q->literals;
        if (RS_UNLIKELY(q->length == 0)) {
            put_literals(&w, c, p, n);
            p += n;
            continue;
        }
        for (; n > 3; n -= 4, p += 4) {
            for (unsigned i = 0; i < 4; i++) put_symbol(&w, c, p[i]);
            rs_bits_flush(&w);
        }
        uint32_t four = rs_load32(p); /* reads within bounds, because a match follows */
        for (unsigned i = 0; i < 3; i++) put_symbol(&w, c, rs_literal(four, i, n));
        rs_bits_flush(&w);
        p += n + q->length;
        put_match(&w, c, q);
    }
    put_symbol(&w, c, RS_END_OF_BLOCK);
    rs_bits_flush(&w);
    *writer = w;
}

static int has_room(const rs_bits *w, const uint8_t *end, uint64_t bits) {
    return (uint64_t)(end - w->out) >= (bits + w->count) / 8 + 1 + RS_BITS_SLACK;
}

int rs_block_sync(rs_bits *w, const uint8_t *end) {
    if (end - w->out < RS_SYNC_ROOM) return 0;
    put_stored_header(w, 0);
    return 1;
}

int rs_block_store(rs_bits *w, const uint8_t *end, const rs_block *b) {
    if (!has_room(w, end, stored_bits(b->n))) return 0;
    write_stored(w, b);
    return 1;
}

int rs_block_write(rs_codes *codes, rs_bits *w, const uint8_t *end,
                   const rs_block *b) {
    rs_header h;
    uint8_t fixed[RS_SYMBOLS];
    b->hist[RS_END_OF_BLOCK] = 1;
    rs_header_plan(&h, b->hist);
    fixed_lengths(fixed);
    uint64_t dynamic_size = h.bits + body_bits(b->hist, h.lengths);
    uint64_t fixed_size = 3 + body_bits(b->hist, fixed);
    uint64_t stored_size = stored_bits(b->n);
    uint64_t size = dynamic_size < fixed_size ? dynamic_size : fixed_size;
    if (size >= stored_size - stored_size / RS_STORE_SHARE) return rs_block_store(w, end, b);
    if (!has_room(w, end, size)) return 0;
    if (size == fixed_size) {
        rs_bits_put(w, 1u << 1, 3);
        rs_bits_flush(w);
        build_codes(codes, fixed);
    } else {
        rs_header_write(&h, w);
        build_codes(codes, h.lengths);
    }
    rs_write_body(w, codes, b);
    return 1;
}
