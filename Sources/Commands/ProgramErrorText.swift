// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

internal import Site
internal import SiteModel

extension ErrorText {
    /// Why a program can't get its place in a site.
    init(_ error: ProgramRefusal) {
        switch error {
        case .fault(let fault, let path):
            self.init("--program \(path): \(Self.text(fault))", remedy: Self.remedy(fault))
        case .running(.dynamic):
            self.init(
                "--with-program: this regstatic needs shared libraries, which another machine may lack",
                remedy:
                    "Run the static program of regstatic instead (`make static` makes it), or name its"
                    + " file: --program FILE"
            )
        case .running(let fault):
            self.init(
                "--with-program: this regstatic can't be copied: \(Self.text(fault))",
                remedy: "Name the file of the static program: --program FILE"
            )
        case .twice(let machine, let paths):
            let names = paths.map { $0 == ProgramFile.running ? "the running program" : $0 }
            self.init(
                "\(names.joined(separator: " and ")) are both programs for \(machine.rawValue)",
                remedy: "Name only one of them; a site has one program for each kind of machine."
            )
        case .occupied(let path):
            self.init(
                "\(path) is in the way of a file for --with-program, and regstatic didn't write it",
                remedy: "Move it away or rename it, then run the same command again."
            )
        }
    }

    private static func text(_ fault: ProgramFault) -> String {
        switch fault {
        case .notAFile: "it is not a regular file"
        case .tooLarge(let limit): "it is larger than \(HumanText.size(limit))"
        case .notELF: "it is not a program for Linux (no ELF file)"
        case .notExecutable: "it is an ELF file, but not a program"
        case .otherSystem(let abi): "it is a program for another system than Linux (ABI \(abi))"
        case .unknownMachine(let number):
            "it is a program for an unknown kind of machine (ELF machine \(number)); known are "
                + Machine.allCases.sorted().map(\.rawValue).joined(separator: ", ")
        case .dynamic: "it needs shared libraries, which another machine may lack"
        case .damaged: "it is damaged or incomplete"
        case .changed: "it changed while it was read"
        }
    }

    private static func remedy(_ fault: ProgramFault) -> String {
        switch fault {
        case .notAFile, .tooLarge, .notELF, .notExecutable, .otherSystem, .unknownMachine, .dynamic:
            "Name the static program of regstatic, which `make static` makes."
        case .damaged: "Copy the file again from where it came from."
        case .changed: "Run the same command again when nothing writes the file."
        }
    }
}
