// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

internal import SiteModel

// The files that don't belong to a single client.
extension ClientKit {
    var readme: String {
        let head = [
            "How clients pull from \(address.host)",
            "",
            "Copy this folder to a machine that pulls images, and run there as root:",
            "",
            "  sh install.sh               for all engines that it finds",
            "  sh install.sh kubernetes    for containerd or CRI-O on a node of Kubernetes",
            "  sh install.sh docker k3s    for chosen clients: \(Client.allCases.map(\.rawValue).joined(separator: ", "))",
            "  sh install.sh --uninstall   takes everything back",
            "  sh install.sh --help        has all options",
            "",
            "For each engine, the script says that it is ready, or what is missing, and then exits with status 1.",
            "After the kit has changed, run it again. It never changes files that others wrote or changed.",
            "To set up a client by hand:",
        ]
        let clients = setups.filter { !$0.files.isEmpty }
            .flatMap { [""] + $0.lines(withContents: false) }
        let last = consequences.isEmpty ? [] : [""] + consequences
        return (head + clients + last).joined(separator: "\n") + "\n"
    }

    /// The file `kit.txt`: what `install.sh`, which is the same in every kit, installs.
    ///
    /// Each line is a setting: a word and its value. Neither has a space, apart from `file`, which
    /// has the client, the kind, the path in the kit and the target.
    var installation: String {
        var lines = ["registry \(address.host)", "url \(address.url)"]
        if address.authority != nil { lines.append("authority ca.crt") }
        for mirror in mirrors {
            lines += mirror.places.map { "mirror \(MirroredHost(mirror.host, place: $0))" }
        }
        for setup in setups {
            for file in setup.files {
                lines += file.targets.map {
                    "file \(setup.client.rawValue) \(file.kind.rawValue) \(file.path) \($0)"
                }
            }
        }
        return KitFile.mark("the files that install.sh installs")
            + lines.joined(separator: "\n") + "\n"
    }
}
