// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

#pragma once
#include <archive.h>
#include <archive_entry.h>
