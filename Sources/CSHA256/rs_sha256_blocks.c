// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

#include "rs_sha256_blocks.h"

#if defined(__x86_64__)
#include <cpuid.h>
#include <immintrin.h>

#define TARGET __attribute__((target("sha,sse4.1")))
#define STREAMS 2

/* FIPS 180-4, 4.2.2. */
static const uint32_t constants[64] = {
    0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
    0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
    0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
    0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
    0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
    0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
    0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
    0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2};

int rs_sha256_has_blocks(void) {
    unsigned a, b, c, d;
    if (!__get_cpuid(1, &a, &b, &c, &d) || !(c & bit_SSE4_1)) return 0;
    return __get_cpuid_count(7, 0, &a, &b, &c, &d) && (b & bit_SHA) != 0;
}

/* The eight words a to h in the order that the instructions need; a name gives the highest word
 * first. */
typedef struct {
    __m128i abef, cdgh;
} words;

TARGET static words load_words(const uint32_t h[8]) {
    __m128i dcba = _mm_loadu_si128((const __m128i *)h);
    __m128i hgfe = _mm_loadu_si128((const __m128i *)(h + 4));
    __m128i cdab = _mm_shuffle_epi32(dcba, 0xB1), efgh = _mm_shuffle_epi32(hgfe, 0x1B);
    return (words){_mm_alignr_epi8(cdab, efgh, 8), _mm_blend_epi16(efgh, cdab, 0xF0)};
}

TARGET static void store_words(uint32_t h[8], words w) {
    __m128i feba = _mm_shuffle_epi32(w.abef, 0x1B), dchg = _mm_shuffle_epi32(w.cdgh, 0xB1);
    _mm_storeu_si128((__m128i *)h, _mm_blend_epi16(feba, dchg, 0xF0));
    _mm_storeu_si128((__m128i *)(h + 4), _mm_alignr_epi8(dchg, feba, 8));
}

/* Four rounds; w is the message's words plus the constants. */
TARGET static inline __attribute__((always_inline)) void rounds(words *s, __m128i w) {
    s->cdgh = _mm_sha256rnds2_epu32(s->cdgh, s->abef, w);
    s->abef = _mm_sha256rnds2_epu32(s->abef, s->cdgh, _mm_shuffle_epi32(w, 0x0E));
}

/* The message's next four words, from the sixteen before them. */
TARGET static inline __attribute__((always_inline)) __m128i schedule(const __m128i w[4],
                                                                      unsigned oldest) {
    __m128i newest = w[(oldest + 3) & 3];
    __m128i sum = _mm_sha256msg1_epu32(w[oldest], w[(oldest + 1) & 3]);
    sum = _mm_add_epi32(sum, _mm_alignr_epi8(newest, w[(oldest + 2) & 3], 4));
    return _mm_sha256msg2_epu32(sum, newest);
}

TARGET void rs_sha256_two_blocks(uint32_t a[8], const uint8_t *p, uint32_t b[8],
                                 const uint8_t *q, size_t blocks) {
    const __m128i big_endian = _mm_set_epi64x(0x0C0D0E0F08090A0B, 0x0405060700010203);
    words state[STREAMS] = {load_words(a), load_words(b)};
    const uint8_t *from[STREAMS] = {p, q};
    for (; blocks > 0; blocks--) {
        words before[STREAMS] = {state[0], state[1]};
        __m128i w[STREAMS][4];
        for (unsigned s = 0; s < STREAMS; s++) {
            for (unsigned i = 0; i < 4; i++) {
                __m128i bytes = _mm_loadu_si128((const __m128i *)(from[s] + 16 * i));
                w[s][i] = _mm_shuffle_epi8(bytes, big_endian);
            }
            from[s] += 64;
        }
#pragma GCC unroll 16
        for (unsigned four = 0; four < 16; four++) {
            __m128i k = _mm_loadu_si128((const __m128i *)(constants + 4 * four));
            for (unsigned s = 0; s < STREAMS; s++) {
                rounds(&state[s], _mm_add_epi32(w[s][four & 3], k));
                if (four < 12) w[s][four & 3] = schedule(w[s], four & 3);
            }
        }
        for (unsigned s = 0; s < STREAMS; s++) {
            state[s].abef = _mm_add_epi32(state[s].abef, before[s].abef);
            state[s].cdgh = _mm_add_epi32(state[s].cdgh, before[s].cdgh);
        }
    }
    store_words(a, state[0]);
    store_words(b, state[1]);
}

#else

int rs_sha256_has_blocks(void) { return 0; }

void rs_sha256_two_blocks(uint32_t a[8], const uint8_t *p, uint32_t b[8], const uint8_t *q,
                          size_t blocks) {
    (void)a, (void)p, (void)b, (void)q, (void)blocks; /* never called */
}

#endif
