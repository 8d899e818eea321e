// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

/* Loads, hashes and comparisons of bytes. */
#ifndef RS_BYTES_H
#define RS_BYTES_H

#include <stdint.h>
#include <string.h>

#define RS_INLINE static inline __attribute__((always_inline))

#if defined(__BYTE_ORDER__) && __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
#define RS_LE64(v) __builtin_bswap64(v)
#else
#define RS_LE64(v) (v)
#endif

/* Use memcpy for an unaligned access, because C allows it and compilers turn it into one load. */
RS_INLINE uint64_t load64(const uint8_t *p) {
    uint64_t v;
    memcpy(&v, p, sizeof v);
    return RS_LE64(v);
}

/* Odd numbers without a pattern in their bits. */
#define P1 0x9E3779B185EBCA87u
#define P2 0xC2B2AE3D27D4EB4Fu
#define P3 0x165667B19E3779F9u
#define P4 0x85EBCA77C2B2AE63u

RS_INLINE uint64_t mix(uint64_t h) {
    h ^= h >> 32;
    h *= P1;
    return h ^ h >> 29;
}

/* A hash of 32 bytes, whose upper bits are the best ones. */
RS_INLINE uint64_t hash32(const uint8_t *p) {
    uint64_t h = load64(p) * P1 + load64(p + 8) * P2 + load64(p + 16) * P3 + load64(p + 24) * P4;
    h ^= h >> 32;
    return h * P2;
}

/* The number of equal bytes in two words, given their xor. */
RS_INLINE unsigned equal_in_word(uint64_t x) {
    const uint64_t low = 0x7f7f7f7f7f7f7f7fu;
    uint64_t differ = ((x & low) + low) | x;
    return 8 - (unsigned)__builtin_popcountll(differ & ~low);
}

#endif
