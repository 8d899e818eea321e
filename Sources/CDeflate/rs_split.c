// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

#include "rs_split.h"

/* log2(v) in units of 1/256: the place of the high bit plus the fraction x below it. The added
 * parabola 0.34x(1-x) brings the result within 0.01 of the logarithm. Only integers are used,
 * because floating point could round differently on another machine and move the end of a block. */
RS_INLINE uint32_t log2_256(uint32_t v) {
    uint32_t k = rs_high_bit(v);
    uint32_t x = (uint32_t)(((uint64_t)v << 8) >> k) - 256;
    return (k << 8) + x + ((x * (256 - x) * 88) >> 16);
}

/* Entropy of one alphabet: sum of f * (log2 total - log2 f). */
RS_INLINE uint64_t entropy(const uint32_t *a, const uint32_t *b, unsigned n) {
    uint64_t weighted = 0;
    uint32_t total = 0;
    for (unsigned i = 0; i < n; i++) {
        uint32_t f = a[i] + (b ? b[i] : 0);
        total += f;
        weighted += (uint64_t)f * log2_256(f | !f);
    }
    return (uint64_t)total * log2_256(total | !total) - weighted;
}

RS_HOT uint64_t rs_split_cost(const uint32_t *hist) {
    return entropy(hist, 0, RS_LITLEN_CODES) +
           entropy(hist + RS_DIST_BASE, 0, RS_DIST_CODES);
}

RS_HOT uint64_t rs_split_joint_cost(const uint32_t *a, const uint32_t *b) {
    return entropy(a, b, RS_LITLEN_CODES) +
           entropy(a + RS_DIST_BASE, b + RS_DIST_BASE, RS_DIST_CODES);
}
