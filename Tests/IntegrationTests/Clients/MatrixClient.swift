// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

import OCI
import TestSupport

/// A client of the matrix: what it is called, what it needs, how it starts.
struct MatrixClient: Sendable {
    let name: String
    let debian: Debian
    /// The first one says the version.
    private let programs: [Program]
    private let make: @Sendable (Workspace, Debian) throws -> any PullClient

    func start(_ workspace: Workspace) throws -> any PullClient { try make(workspace, debian) }

    var missing: [Program] { programs.filter { !debian.has($0) } }

    func version(_ workspace: Workspace) throws -> String {
        let package = ["dpkg-query", "-W", "-f", "${Version}", programs[0].name]
        return try workspace.version([programs[0].name], or: package) { debian.command($0) }
    }

    /// All that Debian 12 has, on this machine.
    static let machine = [docker, containerd, cri, podman, buildah, skopeo].map { $0(.machine) }

    /// What a newer Debian has.
    static func newer(_ debian: Debian) -> [MatrixClient] {
        [docker, dockerOnContainerd, containerd, cri, podman, buildah, skopeo, crane, oras]
            .map { $0(debian) }.filter(\.missing.isEmpty)
    }

    private static func docker(_ debian: Debian) -> MatrixClient {
        MatrixClient(name: "docker", debian: debian, programs: [.dockerd, .docker]) {
            try DockerDaemon($0, in: $1)
        }
    }

    private static func dockerOnContainerd(_ debian: Debian) -> MatrixClient {
        let name = "docker, containerd store"
        return MatrixClient(name: name, debian: debian, programs: [.dockerd, .docker]) {
            try DockerDaemon($0, in: $1, store: .containerd)
        }
    }

    private static func containerd(_ debian: Debian) -> MatrixClient {
        MatrixClient(name: "containerd", debian: debian, programs: [.containerd, .ctr]) {
            try Containerd($0, in: $1)
        }
    }

    /// By the requests that a kubelet sends, and crictl.
    private static func cri(_ debian: Debian) -> MatrixClient {
        MatrixClient(name: "containerd, CRI", debian: debian, programs: [.containerd, .ctr]) {
            try Containerd($0, in: $1, isForKubernetes: true)
        }
    }

    private static func podman(_ debian: Debian) -> MatrixClient { storage(.podman, debian) }

    private static func buildah(_ debian: Debian) -> MatrixClient { storage(.buildah, debian) }

    private static func storage(_ program: Program, _ debian: Debian) -> MatrixClient {
        MatrixClient(name: program.name, debian: debian, programs: [program]) {
            StorageClient(program: program, workspace: $0, debian: $1)
        }
    }

    private static func skopeo(_ debian: Debian) -> MatrixClient {
        MatrixClient(name: "skopeo", debian: debian, programs: [.skopeo]) {
            Skopeo(workspace: $0, debian: $1)
        }
    }

    private static func crane(_ debian: Debian) -> MatrixClient { layout(.crane, debian) }

    private static func oras(_ debian: Debian) -> MatrixClient { layout(.oras, debian) }

    private static func layout(_ program: Program, _ debian: Debian) -> MatrixClient {
        MatrixClient(name: program.name, debian: debian, programs: [program]) {
            LayoutClient(program: program, workspace: $0, debian: $1)
        }
    }
}

extension Workspace {
    /// The version that a program says it has, in whichever way it wants to be asked, or its package.
    func version(
        _ program: [String],
        or package: [String] = ["false"],
        in place: ([String]) -> [String] = { $0 }
    ) throws -> String {
        for question in ["--version", "version", "-v"].map({ program + [$0] }) + [package] {
            let outcome = try start(place(question)).wait()
            let text = outcome.text + outcome.errors
            if outcome.status == 0, let match = text.firstMatch(of: #/\d+\.\d+(\.\d+)?/#) {
                return String(match.output.0)
            }
        }
        throw Missing(description: "\(program.joined(separator: " ")) has no version")
    }
}
