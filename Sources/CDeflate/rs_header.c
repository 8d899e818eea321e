// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

#include "rs_header.h"

#include "rs_huffman.h"

/* A limit of 14 bits instead of DEFLATE's 15 saves a flush, because four literals of 14 bits and 7
 * left-over bits fit the 64-bit buffer. The output is hardly larger. */
#define LITLEN_LIMIT 14
#define DIST_LIMIT 15
#define PRECODE_LIMIT 7

#define REPEAT_PREVIOUS 16 /* 3-6 times, 2 extra bits   */
#define ZEROS_SHORT 17     /* 3-10 zeros, 3 extra bits  */
#define ZEROS_LONG 18      /* 11-138 zeros, 7 extra bits */

static const uint8_t precode_order[RS_PRECODES] = {16, 17, 18, 0, 8,  7, 9,  6, 10, 5,
                                                   11, 4,  12, 3, 13, 2, 14, 1, 15};

static unsigned precode_extra(unsigned symbol) {
    return symbol == REPEAT_PREVIOUS ? 2 : symbol == ZEROS_SHORT ? 3
         : symbol == ZEROS_LONG ? 7 : 0;
}

static void add_item(rs_header *h, uint32_t *freq, unsigned symbol, unsigned extra) {
    freq[symbol]++;
    h->items[h->item_count++] = (uint16_t)(extra << 5 | symbol);
}

/* Adds a run of `run` equal lengths in as few items as possible. */
static void add_run(rs_header *h, uint32_t *freq, unsigned length, unsigned run) {
    if (length == 0) {
        for (; run >= 11; ) {
            unsigned k = run < 138 ? run : 138;
            add_item(h, freq, ZEROS_LONG, k - 11);
            run -= k;
        }
        if (run >= 3) {
            add_item(h, freq, ZEROS_SHORT, run - 3);
            run = 0;
        }
    } else {
        add_item(h, freq, length, 0);
        run--;
        while (run >= 3) {
            unsigned k = run < 6 ? run : 6;
            add_item(h, freq, REPEAT_PREVIOUS, k - 3);
            run -= k;
        }
    }
    for (; run > 0; run--) add_item(h, freq, length, 0);
}

/* One run may contain the last lengths of literals and the first lengths of distances. */
static void plan_items(rs_header *h, uint32_t *freq) {
    uint8_t all[RS_SYMBOLS];
    unsigned n = h->litlen_count + h->dist_count;
    memcpy(all, h->lengths, h->litlen_count);
    memcpy(all + h->litlen_count, h->lengths + RS_DIST_BASE, h->dist_count);
    h->item_count = 0;
    for (unsigned i = 0; i < n;) {
        unsigned start = i;
        while (i < n && all[i] == all[start]) i++;
        add_run(h, freq, all[start], i - start);
    }
}

void rs_header_plan(rs_header *h, const uint32_t *hist) {
    uint32_t freq[RS_PRECODES] = {0};
    memset(h->lengths, 0, sizeof h->lengths);
    rs_huffman_lengths(hist, RS_LITLEN_CODES, LITLEN_LIMIT, h->lengths);
    rs_huffman_lengths(hist + RS_DIST_BASE, RS_DIST_CODES, DIST_LIMIT,
                       h->lengths + RS_DIST_BASE);
    h->litlen_count = RS_LITLEN_CODES;
    while (h->litlen_count > 257 && h->lengths[h->litlen_count - 1] == 0) h->litlen_count--;
    h->dist_count = RS_DIST_CODES;
    while (h->dist_count > 1 && h->lengths[RS_DIST_BASE + h->dist_count - 1] == 0) h->dist_count--;
    plan_items(h, freq);
    rs_huffman_lengths(freq, RS_PRECODES, PRECODE_LIMIT, h->precode_lengths);
    h->precode_count = RS_PRECODES;
    while (h->precode_count > 4 && h->precode_lengths[precode_order[h->precode_count - 1]] == 0)
        h->precode_count--;
    h->bits = 3 + 14 + 3 * h->precode_count;
    for (unsigned s = 0; s < RS_PRECODES; s++)
        h->bits += freq[s] * (h->precode_lengths[s] + precode_extra(s));
}

void rs_header_write(const rs_header *h, rs_bits *w) {
    uint16_t codes[RS_PRECODES];
    rs_bits_put(w, 2u << 1, 3);
    rs_bits_put(w, h->litlen_count - 257, 5);
    rs_bits_put(w, h->dist_count - 1, 5);
    rs_bits_put(w, h->precode_count - 4, 4);
    rs_bits_flush(w);
    for (unsigned i = 0; i < h->precode_count; i++) {
        rs_bits_put(w, h->precode_lengths[precode_order[i]], 3);
        rs_bits_flush(w);
    }
    rs_huffman_codes(h->precode_lengths, RS_PRECODES, codes);
    for (unsigned i = 0; i < h->item_count; i++) {
        unsigned symbol = h->items[i] & 31;
        rs_bits_put(w, codes[symbol], h->precode_lengths[symbol]);
        rs_bits_put(w, h->items[i] >> 5, precode_extra(symbol));
        rs_bits_flush(w);
    }
}
