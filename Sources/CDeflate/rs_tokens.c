// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

#include "rs_tokens.h"

#define X2(v) v, v
#define X4(v) X2(v), X2(v)
#define X8(v) X4(v), X4(v)
#define X16(v) X8(v), X8(v)
#define X32(v) X16(v), X16(v)

const uint8_t rs_length_slot[256] = {
    0, 1, 2, 3, 4, 5, 6, 7,
    X2(8), X2(9), X2(10), X2(11), X4(12), X4(13), X4(14), X4(15),
    X8(16), X8(17), X8(18), X8(19), X16(20), X16(21), X16(22), X16(23),
    X32(24), X32(25), X32(26), X16(27), X8(27), X4(27), X2(27), 27, 28};

const uint8_t rs_length_extra[29] = {0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2,
                                     2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 0};

const uint16_t rs_length_base[29] = {3,  4,  5,  6,  7,  8,  9,  10,  11,  13,
                                     15, 17, 19, 23, 27, 31, 35, 43,  51,  59,
                                     67, 83, 99, 115, 131, 163, 195, 227, 258};
