// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

#pragma once
#include <isa-l/crc.h>
#include <isa-l/igzip_lib.h>
