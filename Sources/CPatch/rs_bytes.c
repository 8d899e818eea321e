// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

#include "rs_bytes.h"
#include "rs_patch.h"

uint64_t rs_equal(const uint8_t *a, const uint8_t *b, uint64_t n) {
    uint64_t i = 0;
    /* memcmp is the fastest way to compare long equal runs. */
    while (n - i >= 4096 && memcmp(a + i, b + i, 4096) == 0) i += 4096;
    for (; n - i >= 8; i += 8) {
        uint64_t x = load64(a + i) ^ load64(b + i);
        if (x) return i + ((unsigned)__builtin_ctzll(x) >> 3);
    }
    while (i < n && a[i] == b[i]) i++;
    return i;
}

uint64_t rs_find_equal(const uint8_t *a, const uint8_t *b, uint64_t n, uint64_t run) {
    uint64_t start = 0;
    while (n - start >= run) {
        /* The last byte of a run that starts here tells most about where the next run may start. */
        uint64_t last = start + run;
        while (last > start && a[last - 1] == b[last - 1]) last--;
        if (last == start) return start;
        start = last;
    }
    return n;
}

void rs_subtract(uint8_t *restrict out, const uint8_t *a, const uint8_t *b, uint64_t n) {
    for (uint64_t i = 0; i < n; i++) out[i] = (uint8_t)(a[i] - b[i]);
}

void rs_add(uint8_t *restrict to, const uint8_t *restrict from, uint64_t n) {
    for (uint64_t i = 0; i < n; i++) to[i] = (uint8_t)(to[i] + from[i]);
}

uint64_t rs_hash(const uint8_t *p, uint64_t n) {
    uint64_t a = P1 ^ n, b = P2, c = P3, d = P4;
    uint64_t i = 0;
    for (; n - i >= 32; i += 32) {
        a = (a ^ load64(p + i)) * P1;
        b = (b ^ load64(p + i + 8)) * P2;
        c = (c ^ load64(p + i + 16)) * P3;
        d = (d ^ load64(p + i + 24)) * P4;
        a ^= a >> 31;
        b ^= b >> 31;
        c ^= c >> 31;
        d ^= d >> 31;
    }
    uint64_t h = mix(a) + mix(b + P1) * P2 + mix(c + P2) * P3 + mix(d + P3) * P4;
    for (; n - i >= 8; i += 8) h = mix((h ^ load64(p + i)) * P2);
    for (; i < n; i++) h = mix((h ^ p[i]) * P3);
    return mix(h);
}
