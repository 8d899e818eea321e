// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

/* Deterministic raw-DEFLATE (RFC 1951) compressor for independent chunks of a stream.  The bytes
 * are a pure function of (input bytes, length, level): they do not depend on the CPU, its byte
 * order, pointer alignment, the compiler, or the earlier content of `state`.  The encoder uses
 * only integer arithmetic with fixed widths, so every build of this code emits the same stream. */
#ifndef RS_DEFLATE_H
#define RS_DEFLATE_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define RS_DEFLATE_MAX_INPUT ((size_t)1 << 20)
#define RS_DEFLATE_MIN_LEVEL 1 /* two candidates for five positions   */
#define RS_DEFLATE_MAX_LEVEL 3 /* lazy, hash chains: near zlib -6     */

/* The size in bytes of the scratch memory `state` that rs_deflate needs; the same for every level.
 * The memory must be aligned as malloc aligns it. Its content never matters, so it need not be
 * cleared. Only one thread at a time may use it. */
size_t rs_deflate_state_size(void);

/* An output capacity with which rs_deflate cannot fail for n input bytes. */
size_t rs_deflate_bound(size_t n);

/* Writes DEFLATE blocks for in[0..n), none of them final.  They end on a byte boundary, with an
 * empty stored block, and refer to no bytes before in.  So a stream is any number of such chunks,
 * followed by a final block, such as the bytes 3 and 0, which are an empty one.  Returns the length
 * of the blocks, or 0 if `cap` is too small, n exceeds RS_DEFLATE_MAX_INPUT, or the level is
 * unknown.  A `cap` below rs_deflate_bound(n) may be refused even if the blocks would fit, because
 * the writer needs a few bytes of slack.  in may be NULL if n is 0. */
size_t rs_deflate(void *state, const uint8_t *in, size_t n, uint8_t *out,
                  size_t cap, int level);

#ifdef __cplusplus
}
#endif
#endif
