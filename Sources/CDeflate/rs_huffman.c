// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

#include "rs_huffman.h"

#include <string.h>

/* During sorting, a leaf has its frequency in the high bits and its symbol in the low bits. So
 * equal frequencies are ordered by symbol, and every sorting method gives the same code. */
#define SYMBOL_BITS 9
#define SYMBOL_MASK ((1u << SYMBOL_BITS) - 1)

/* Sorts leaves by frequency with a stable byte-wise radix sort; the leaves must already be sorted
 * by symbol. */
static void sort_leaves(uint32_t *leaves, unsigned n) {
    uint32_t other[RS_HUFFMAN_MAX_SYMBOLS];
    uint32_t all = 0;
    for (unsigned i = 0; i < n; i++) all |= leaves[i];
    for (unsigned shift = SYMBOL_BITS; shift < 32 && (all >> shift); shift += 8) {
        uint16_t start[257] = {0};
        for (unsigned i = 0; i < n; i++) start[((leaves[i] >> shift) & 255) + 1]++;
        for (unsigned d = 0; d < 256; d++) start[d + 1] = (uint16_t)(start[d + 1] + start[d]);
        for (unsigned i = 0; i < n; i++) other[start[(leaves[i] >> shift) & 255]++] = leaves[i];
        memcpy(leaves, other, n * sizeof *leaves);
    }
}

/* Gathers the used symbols; if there are fewer than two, adds the lowest unused ones. */
static unsigned gather_leaves(const uint32_t *freq, unsigned n, uint32_t *leaves) {
    unsigned used = 0;
    for (unsigned s = 0; s < n; s++) used += freq[s] != 0;
    unsigned missing = used < 2 ? 2 - used : 0;
    unsigned count = 0;
    for (unsigned s = 0; s < n; s++) {
        uint32_t f = freq[s];
        if (f == 0 && missing > 0) {
            f = 1;
            missing--;
        }
        if (f != 0) leaves[count++] = (f << SYMBOL_BITS) | s;
    }
    return count;
}

/* Builds the Huffman tree over sorted leaves (n >= 2) by the two-queue method: inner nodes are
 * made in order of weight, so both queues stay sorted.  Then counts the leaves at each depth;
 * leaves deeper than `limit` count as leaves at `limit`. */
static void count_depths(const uint32_t *leaves, unsigned n, unsigned limit,
                         unsigned *depth_count) {
    uint32_t weight[RS_HUFFMAN_MAX_SYMBOLS];
    uint16_t inner_parent[RS_HUFFMAN_MAX_SYMBOLS];
    uint16_t leaf_parent[RS_HUFFMAN_MAX_SYMBOLS];
    uint8_t depth[RS_HUFFMAN_MAX_SYMBOLS];
    unsigned leaf = 0, inner = 0;
    for (unsigned node = 0; node < n - 1; node++) {
        weight[node] = 0;
        for (int child = 0; child < 2; child++) {
            int take_leaf = leaf < n && (inner == node ||
                            (leaves[leaf] >> SYMBOL_BITS) <= weight[inner]);
            if (take_leaf) {
                weight[node] += leaves[leaf] >> SYMBOL_BITS;
                leaf_parent[leaf++] = (uint16_t)node;
            } else {
                weight[node] += weight[inner];
                inner_parent[inner++] = (uint16_t)node;
            }
        }
    }
    depth[n - 2] = 0;
    for (unsigned node = n - 2; node-- > 0;) {
        unsigned d = depth[inner_parent[node]] + 1u;
        depth[node] = (uint8_t)(d < limit ? d : limit); /* cannot wrap */
    }
    memset(depth_count, 0, (RS_HUFFMAN_MAX_LENGTH + 1) * sizeof *depth_count);
    for (unsigned i = 0; i < n; i++) {
        unsigned d = depth[leaf_parent[i]] + 1u;
        depth_count[d < limit ? d : limit]++;
    }
}

/* Clamping depths oversubscribes the code.  Each step takes the deepest leaf above the bottom
 * level, moves it down one level, and moves a leaf from the bottom level beside it. That frees
 * exactly one code of the longest length. */
static void repair_depths(unsigned *depth_count, unsigned limit) {
    uint32_t space = 0;
    for (unsigned d = 1; d <= limit; d++) space += (uint32_t)depth_count[d] << (limit - d);
    for (; space > 1u << limit; space--) {
        unsigned d = limit - 1;
        while (depth_count[d] == 0) d--;
        depth_count[d]--;
        depth_count[d + 1] += 2;
        depth_count[limit]--;
    }
}

void rs_huffman_lengths(const uint32_t *freq, unsigned n, unsigned limit,
                        uint8_t *lengths) {
    uint32_t leaves[RS_HUFFMAN_MAX_SYMBOLS];
    unsigned depth_count[RS_HUFFMAN_MAX_LENGTH + 1];
    unsigned count = gather_leaves(freq, n, leaves);
    sort_leaves(leaves, count);
    count_depths(leaves, count, limit, depth_count);
    repair_depths(depth_count, limit);
    memset(lengths, 0, n);
    unsigned next = 0; /* rarest symbols first, because they get the longest codes */
    for (unsigned d = limit; d >= 1; d--)
        for (unsigned k = depth_count[d]; k > 0; k--)
            lengths[leaves[next++] & SYMBOL_MASK] = (uint8_t)d;
}

static uint16_t reverse16(unsigned v) {
    v = (v & 0x5555) << 1 | (v >> 1 & 0x5555);
    v = (v & 0x3333) << 2 | (v >> 2 & 0x3333);
    v = (v & 0x0f0f) << 4 | (v >> 4 & 0x0f0f);
    return (uint16_t)(v << 8 | v >> 8);
}

void rs_huffman_codes(const uint8_t *lengths, unsigned n, uint16_t *codes) {
    unsigned count[RS_HUFFMAN_MAX_LENGTH + 1] = {0};
    unsigned next[RS_HUFFMAN_MAX_LENGTH + 2] = {0};
    for (unsigned s = 0; s < n; s++) count[lengths[s]]++;
    count[0] = 0;
    for (unsigned d = 1; d <= RS_HUFFMAN_MAX_LENGTH; d++)
        next[d] = (next[d - 1] + count[d - 1]) << 1;
    for (unsigned s = 0; s < n; s++) {
        unsigned d = lengths[s];
        codes[s] = d ? (uint16_t)(reverse16(next[d]++) >> (16 - d)) : 0;
    }
}
