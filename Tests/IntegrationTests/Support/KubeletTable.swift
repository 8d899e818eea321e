// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

/// What a kubelet ran, as a chapter of the matrix in Markdown: rows for each check, a column for each server.
struct KubeletTable {
    struct Result {
        let stand: Stand
        let check: String
        let isRight: Bool
    }

    let results: [Result]
    let kubelet: String
    let containerd: String
    /// The name of the pause image.
    let pause: String

    var markdown: String {
        let stands = results.reduce(into: [Stand]()) {
            if !$0.contains($1.stand) { $0.append($1.stand) }
        }
        let checks = results.reduce(into: [String]()) {
            if !$0.contains($1.check) { $0.append($1.check) }
        }
        let head = ["pods by"] + stands.map(name)
        let rows = checks.map { check in
            row([check] + stands.map { cell($0, check) })
        }
        return introduction
            + ([row(head), row(head.map { _ in "---" })] + rows)
            .joined(separator: "\n") + "\n"
    }

    private var introduction: String {
        """
        ## Kubernetes

        A kubelet \(kubelet) runs static pods with containerd \(containerd). containerd has the
        configuration of Debian's package, with `restrict_oom_score_adj`, and only
        `sh install.sh --write-config --restart kubernetes` set up the node for the registry. The
        pause image, `\(pause)`, comes from the site, too. A pod is ok if its container runs and
        its image has the digest that the site has. Without another note, pulls are over HTTPS
        with a private CA.


        """
    }

    private func name(_ stand: Stand) -> String {
        let layout = stand.layout == .plain ? "" : ", \(stand.layout.rawValue)"
        return stand.server.rawValue + layout + (stand.transport == .https ? "" : ", HTTP")
    }

    private func cell(_ stand: Stand, _ check: String) -> String {
        let result = results.first { $0.stand == stand && $0.check == check }
        return result.map { $0.isRight ? "ok" : "**failed**" } ?? ""
    }

    private func row(_ cells: [String]) -> String { "| \(cells.joined(separator: " | ")) |" }
}
