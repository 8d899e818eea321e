// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

/* Byte-order independent memory access and bit scans. */
#ifndef RS_MEM_H
#define RS_MEM_H

#include <stdint.h>
#include <string.h>

#define RS_INLINE static inline __attribute__((always_inline))
/* Compiles a function twice, because shifts that don't set flags (BMI2) make it about a tenth
 * faster on processors that have them. Both versions use only integers, so their output is the
 * same. */
#if defined(__x86_64__) && defined(__ELF__) && defined(__clang__) && defined(__GLIBC__)
#define RS_HOT __attribute__((target_clones("default", "arch=x86-64-v3")))
#if __has_feature(thread_sanitizer)
/* Compile only one version, because the loader chooses between the two before ThreadSanitizer can
 * run. */
#undef RS_HOT
#endif
#endif
#ifndef RS_HOT
#define RS_HOT
#endif

#define RS_LIKELY(x) __builtin_expect(!!(x), 1)
#define RS_UNLIKELY(x) __builtin_expect(!!(x), 0)
/* Marks a condition for which the compiler should use a conditional move, not a branch. */
#if defined(__clang__)
#define RS_UNPREDICTABLE(x) __builtin_unpredictable(x)
#else
#define RS_UNPREDICTABLE(x) (x)
#endif

#if defined(__BYTE_ORDER__) && __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
#define RS_LE32(v) __builtin_bswap32(v)
#define RS_LE64(v) __builtin_bswap64(v)
#else
#define RS_LE32(v) (v)
#define RS_LE64(v) (v)
#endif

/* Use memcpy for an unaligned access, because C allows it and compilers turn it into one load. */
RS_INLINE uint32_t rs_load32(const uint8_t *p) {
    uint32_t v;
    memcpy(&v, p, sizeof v);
    return RS_LE32(v);
}

RS_INLINE uint64_t rs_load64(const uint8_t *p) {
    uint64_t v;
    memcpy(&v, p, sizeof v);
    return RS_LE64(v);
}

RS_INLINE void rs_store64(uint8_t *p, uint64_t v) {
    v = RS_LE64(v);
    memcpy(p, &v, sizeof v);
}

/* Index of the highest set bit; v must not be 0. */
RS_INLINE unsigned rs_high_bit(uint32_t v) {
    return 31u - (unsigned)__builtin_clz(v);
}

/* The number of equal bytes at the start of two loads of 8 bytes, given their xor, which must not
 * be 0. */
RS_INLINE unsigned rs_equal_bytes(uint64_t xor_of_loads) {
    return (unsigned)__builtin_ctzll(xor_of_loads) >> 3;
}

#endif
