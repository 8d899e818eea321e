// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

import ArgumentParser
import Commands
import Glibc

// Names in archives are UTF-8 whatever the user's language; once, before there are threads.
unsafe setlocale(LC_CTYPE, "C.UTF-8")
// A file that grows over a limit shall be an error that is reported, not a death.
signal(SIGXFSZ, SIG_IGN)
RegstaticCommand.main()
